"""What a call between processes cannot carry is refused in the interface."""
from system.app import CallError, interface

from metal import u32


@interface
class Lamp:
    def set_level(self, level) -> u32 | CallError: ...  # error: M120 without a type
