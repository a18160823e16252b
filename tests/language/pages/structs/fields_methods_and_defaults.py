"""A struct has typed fields with constant defaults, and methods are functions of it."""
# cpython
from metal import struct, u8, u32


@struct
class Counter:
    value: u32 = 0
    step: u32 = 1
    name: u8 = 7

    def advance(self) -> None:
        self.value += self.step

    def advanced(self, times: u32) -> u32:
        for _ in range(times):
            self.advance()
        return self.value


def test_defaults() -> None:
    c = Counter()
    assert c.value == 0
    assert c.step == 1
    assert c.name == 7


def test_arguments_by_place_and_by_name() -> None:
    c = Counter(10, 5)
    assert c.value == 10
    assert c.step == 5
    d = Counter(step=3)
    assert d.value == 0
    assert d.step == 3
    assert d.name == 7


def test_methods() -> None:
    c = Counter(step=2)
    c.advance()
    assert c.value == 2
    assert c.advanced(4) == 10
    assert c.value == 10
