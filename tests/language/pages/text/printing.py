"""`print` writes text and f-strings: integers in every base and width, bools, text and enums."""
# cpython
from enum import Enum, IntEnum

from metal import I64, U64, i8, i32, i64, log, u8, u32, u64


class State(IntEnum):
    READY = 0
    DONE = 1


class Mode(Enum):
    OFF = 1
    ON = 2


def greet(name: str) -> None:
    print(f"hello {name}")


def flags(n: u32) -> None:
    print(f"{n == 3} {n == 4} {{}}")


def test_plain_text() -> None:
    print("plain")  # prints: plain
    print("")  # prints: 
    greet("lamp")  # prints: hello lamp


def test_integers() -> None:
    n: u32 = 255
    m: i32 = -5
    c: u8 = 65
    print(f"{n} {m} {c}")  # prints: 255 -5 65
    print(f"{n:x} {n:X} {n:b} {n:o} {n:c}")  # prints: ff FF 11111111 377 ÿ
    print(f"{n:08b}|{n:>6}|{n:<6}|{n:^7}|{m:4}|{m:04}")  # prints: 11111111|   255|255   |  255  |  -5|-005
    print(f"{n:#x} {n:#06x} {n:*>5} {m:x}")  # prints: 0xff 0x00ff **255 -5


def test_limits() -> None:
    a: i64 = I64.MIN
    b: u64 = U64.MAX
    c: i8 = -128
    print(f"{a} {b} {c}")  # prints: -9223372036854775808 18446744073709551615 -128
    print(f"{b:x} {b:b}")  # prints: ffffffffffffffff 1111111111111111111111111111111111111111111111111111111111111111


def test_other_values() -> None:
    flags(3)  # prints: True False {}
    s = State.DONE
    print(f"{'text'} {b'bytes'[1]}")  # prints: text 121
    m = Mode.ON
    print(f"{s.name} {m.name}")  # prints: DONE ON
    print(f"{s} {m}")  # prints: 1 Mode.ON


def test_a_log_is_not_output() -> None:
    log("quiet")
    print("loud")  # prints: loud
