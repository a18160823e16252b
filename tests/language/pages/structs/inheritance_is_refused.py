"""A struct has fields and methods; it inherits nothing."""
from metal import struct, u32


@struct
class Base:
    a: u32 = 0


@struct
class Derived(Base):  # error: M002 inheritance
    b: u32 = 0
