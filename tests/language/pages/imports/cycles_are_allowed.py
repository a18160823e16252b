"""Two modules may import each other: nothing runs at import."""
from helpers.even import is_even
from helpers.odd import is_odd


def test_both() -> None:
    assert is_even(10)
    assert is_odd(7)
    assert not is_even(3)
