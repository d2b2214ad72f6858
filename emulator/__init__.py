"""A local emulator of Tencent Cloud's legacy (v2) bare-metal API."""

__version__ = "0.1.0"
