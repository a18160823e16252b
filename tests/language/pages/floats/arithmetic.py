"""`f64` and `f32` are the machine's fractions; `/` divides and literals adapt."""
from metal import F32, F64, I32, U32, f32, f64, i32, u32


def mean(a: f64, b: f64) -> f64:
    return (a + b) / 2


def scale(a: f32, b: f32) -> f32:
    return a * b - 1.5


def negate(a: f64) -> f64:
    return -a


def test_values() -> None:
    assert mean(1.0, 2.0) == 1.5
    assert scale(3.0, 0.5) == 0.0
    assert negate(2.5) == -2.5
    assert mean(0.1, 0.2) == 0.15000000000000002


def test_single_precision_rounds() -> None:
    x: f32 = 0.1
    assert F64(x) != 0.1
    assert F64(x) > 0.1


def test_comparison() -> None:
    a: f64 = 1.5
    assert a > 1
    assert a <= 1.5
    assert 1.0 < a < 2.0


def whole(x: f64) -> i32:
    return I32(x)


def from_integer(x: u32) -> f64:
    return F64(x)


def test_conversions() -> None:
    assert whole(2.9) == 2
    assert whole(-2.9) == -2
    assert from_integer(4294967295) == 4294967295.0
    y: i32 = -3
    assert F32(y) == -3.0
    assert U32(F64(7)) == 7
