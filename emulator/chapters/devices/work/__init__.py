"""What takes time on servers: delivery, power, reinstallation, expiry."""

from emulator.chapters.devices.work import expiry

__all__ = ["expiry"]
