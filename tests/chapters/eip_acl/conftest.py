"""The client of elastic IPs."""

from chapters.eip.conftest import eips, make_eips

__all__ = ["eips", "make_eips"]
