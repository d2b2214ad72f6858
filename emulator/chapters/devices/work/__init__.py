"""What takes time on servers: delivery, power, reinstallation, expiry."""

from emulator.chapters.devices.work import delivery, expiry

__all__ = ["delivery", "expiry"]
