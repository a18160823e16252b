"""A template is a literal, its operands are 64-bit numbers, and a naked body holds only `asm`."""
from typing import Final

from metal import asm, naked, u32, u64

UNSAFE: Final = True


def f(t: str) -> None:
    asm(t)  # error: M091 literal


def g(n: u32) -> None:
    asm("nop", n)  # error: M010 u32 where u64 is wanted


@naked
def h() -> None:
    x: u64 = 3  # error: M086 naked
