"""A local bound to a field that is a struct aliases that field."""
# cpython
from metal import struct, u32


@struct
class Inner:
    value: u32 = 0


@struct
class Outer:
    first: Inner = Inner()
    second: Inner = Inner()


def test_alias() -> None:
    o = Outer()
    i = o.first
    i.value = 3
    assert o.first.value == 3
    i = o.second
    i.value = 4
    assert o.first.value == 3
    assert o.second.value == 4
