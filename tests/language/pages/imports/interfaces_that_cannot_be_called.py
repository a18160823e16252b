"""What a call between processes cannot carry is refused in the interface."""
from __future__ import annotations

from system.app import CallError, interface

from metal import Ptr, Slice, struct, u8, u32


@struct
class Link:
    value: u32 = 0
    next: Ptr[Link] | None = None


@struct
class Chain:
    first: Link = Link()


@struct
class Level:
    value: u32


@interface
class Lamp:
    def set_level(self, level) -> u32 | CallError: ...  # error: M120 without a type
    def set_chain(self, chain: Chain) -> u32 | CallError: ...  # error: M120 its field first.next is Ptr[Link] | None
    def set_all(self, level: Level) -> u32 | CallError: ...  # error: M120 its field value has no default
    def rest(self) -> Slice[u8] | CallError: ...  # error: M120 cannot return Slice[u8]
