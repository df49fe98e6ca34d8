"""FIRDesk: follow the regional intervention fund from one window and one file."""

__version__ = "0.1.0"
