"""What a literal holds is printed as it is: quotes, backslashes, percent signs, trigraphs, other scripts."""
# cpython
from metal import View, u8, u32


def shown(s: str) -> None:
    print(s)


def last(s: View[u8]) -> u8:
    return s[len(s) - 1]


def test_literals() -> None:
    shown('say "hello" \\ done')  # prints: say "hello" \ done
    shown("100% %d %s ??/ ??=")  # prints: 100% %d %s ??/ ??=
    shown("grüße 你好 🙂")  # prints: grüße 你好 🙂
    n: u32 = 7
    print(f"{{{n}}} \x41\u00e9\101 {n}%")  # prints: {7} AéA 7%


def test_hexadecimal_escapes_end_where_python_ends_them() -> None:
    assert last(b"\x01f") == 102
    assert len(b"\x01f") == 2
    assert len(b"\0001") == 2
    assert len("é".encode()) == 2
    assert b"\x80abc"[0] == 128
