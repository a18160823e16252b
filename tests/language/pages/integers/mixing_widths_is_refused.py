"""Two widths never meet without a conversion that is written down."""
from metal import U64, i32, u8, u16, u32, u64


def add(a: u64, b: u32) -> u64:
    return a + b  # error: M011 u32 where u64 is wanted


def compare(a: u8, b: u16) -> bool:
    return a < b  # error: M011 u16 where u8 is wanted


def same(a: u32, b: i32) -> bool:
    return a == b  # error: M011 i32 where u32 is wanted


def give(a: u16) -> u32:
    return a  # error: M010 u16 where u32 is wanted


def take(a: u64) -> u64:
    return a


def call(a: u32) -> u64:
    return take(a)  # error: M010 u32 where u64 is wanted


def assign(a: u32) -> u64:
    x: u64 = a  # error: M010 u32 where u64 is wanted
    return x


def right(a: u32) -> u64:
    return take(U64(a)) + U64(a)
