"""Raw memory needs `UNSAFE: Final = True` in the module, so that a reviewer finds every such place."""
from __future__ import annotations

from metal import Array, RawPtr, addr_of, array, asm, mmio_read32, ptr_at, raw, slice_at, struct, u8, u32, u64

words: Array[u32] = array(8)


@struct
class Pair:
    a: u32 = 0


def f(address: u64) -> None:
    p = raw(u32, address)  # error: M080 UNSAFE
    q = ptr_at(Pair, address)  # error: M080 UNSAFE
    s = slice_at(u8, address, 4)  # error: M080 UNSAFE
    x = mmio_read32(address)  # error: M080 UNSAFE
    a = addr_of(words)  # error: M080 UNSAFE
    asm("nop")  # error: M080 UNSAFE


def g(p: RawPtr[u32]) -> None:  # error: M080 UNSAFE
    pass
