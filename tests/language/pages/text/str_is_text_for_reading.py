"""A `str` is a read-only stretch of UTF-8: passed, kept, compared."""
from metal import struct, u64


@struct
class Named:
    name: str = "nobody"


def is_lamp(s: str) -> bool:
    return s == "lamp"


def size(s: str) -> u64:
    return len(s.encode())


def test_comparison() -> None:
    assert is_lamp("lamp")
    assert not is_lamp("lamps")
    assert not is_lamp("")
    assert is_lamp("la" "mp")


def test_kept() -> None:
    n = Named()
    assert n.name == "nobody"
    n.name = "lamp"
    assert is_lamp(n.name)
    assert size(n.name) == 4
