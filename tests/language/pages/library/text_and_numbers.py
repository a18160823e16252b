"""Numbers become digits and text, and text becomes numbers, in the program's own memory."""
from metal import Array, array, u8, u32
from metal.library.failures import Full, Malformed
from metal.library.numbers import parse_literal, parse_signed, parse_unsigned
from metal.library.searching import binary_search, find_bytes
from metal.library.sorting import sort
from metal.library.text import Text
from metal.library.utf8 import count_characters, is_valid


def test_text() -> None:
    memory: Array[u8] = array(16)
    line = Text(memory)
    n: u32 = 255
    assert line.append(f"{n:x}:{n:5}") is None
    assert line.equals("ff:  255")
    assert line.append_character(0x1F642) is None
    assert line.used == 12
    assert line.append("12345") is Full.FULL
    assert line.remove_last()
    assert line.view() == "ff:  255"
    assert line.append_signed(-42) is None
    print(line.view())  # prints: ff:  255-42


def test_parsing() -> None:
    a = parse_unsigned(b"4096")
    assert not isinstance(a, Malformed) and a == 4096
    b = parse_signed(b"-80", 16)
    assert not isinstance(b, Malformed) and b == -128
    c = parse_literal(b"0x10")
    assert not isinstance(c, Malformed) and c == 16
    assert parse_unsigned(b"12a") is Malformed.NOT_A_DIGIT
    assert parse_unsigned(b"") is Malformed.EMPTY


def test_utf8() -> None:
    assert is_valid("größe".encode())
    assert not is_valid(b"\xff")
    assert count_characters("größe") == 5


def test_order() -> None:
    values: Array[u32] = array(20)
    n: u32 = 7
    for i in range(20):
        values[i] = n
        n = n * 7 % 101
    sort(values)
    for i in range(19):
        assert values[i] <= values[i + 1]
    place = binary_search(values, 49)
    assert place is not None and values[place] == 49
    at = find_bytes(b"a lamp", b"lamp")
    assert at is not None and at == 2
