"""`w8 w16 w32 w64` compute modulo their width and never trap."""
from metal import w8, w16, w32, w64


def add8(a: w8, b: w8) -> w8:
    return a + b


def mul16(a: w16, b: w16) -> w16:
    return a * b


def sub32(a: w32, b: w32) -> w32:
    return a - b


def mul32(a: w32, b: w32) -> w32:
    return a * b


def mul64(a: w64, b: w64) -> w64:
    return a * b


def negate(a: w32) -> w32:
    return -a


def test_values() -> None:
    assert add8(255, 1) == 0
    assert add8(200, 100) == 44
    assert mul16(65535, 65535) == 1
    assert mul16(256, 256) == 0
    assert sub32(0, 1) == 4294967295
    assert mul32(0x9E3779B9, 0x9E3779B9) == 0xE35E67B1
    assert mul64(0x9E3779B97F4A7C15, 3) == 0xDAA66D2C7DDF743F
    assert negate(1) == 4294967295
    assert negate(0) == 0


def test_augmented() -> None:
    x: w8 = 250
    x += 10
    assert x == 4
    x -= 5
    assert x == 255
    x *= 3
    assert x == 253
    x <<= 1
    assert x == 250
    x = ~x
    assert x == 5
