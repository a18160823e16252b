"""Motet on the developer's machine: compiles programs, lays images, runs and tests them on emulated devices."""

from typing import Final

VERSION: Final = "0.1.0"
