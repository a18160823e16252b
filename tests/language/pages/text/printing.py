"""`print` and `log` take text and f-strings; what they print is tested with the output pages."""
from enum import IntEnum

from metal import i32, log, u8, u32


class State(IntEnum):
    READY = 0
    DONE = 1


def test_each_form() -> None:
    n: u32 = 255
    m: i32 = -5
    c: u8 = 65
    print("plain")
    print(f"{n} {n:x} {n:08b} {n:>6} {m:4} {c}")
    print(f"{State.DONE} {n == 255}")
    log(f"level {m}")
