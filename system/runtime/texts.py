"""Whether bytes are UTF-8: what comes from another process is only text after this check."""

from __future__ import annotations

from metal import View, u8, u64


def following_bytes(first: u8) -> u64:
    """How many bytes follow the first one of a character; 4 for a byte that begins none."""
    if first < 0x80:
        return 0
    if first >= 0xC2 and first < 0xE0:
        return 1
    if first >= 0xE0 and first < 0xF0:
        return 2
    if first >= 0xF0 and first < 0xF5:
        return 3
    return 4


def second_is_valid(first: u8, second: u8) -> bool:
    """Whether a second byte makes no overlong form, no half of a surrogate pair and no number that is too large."""
    if first == 0xE0:
        return second >= 0xA0
    if first == 0xED:
        return second < 0xA0
    if first == 0xF0:
        return second >= 0x90
    if first == 0xF4:
        return second < 0x90
    return True


def is_text(data: View[u8]) -> bool:
    """Whether these bytes are whole characters in UTF-8."""
    place: u64 = 0
    size = len(data)
    while place < size:
        more = following_bytes(data[place])
        if more == 4 or place + more >= size:
            return False
        for offset in range(1, more + 1):
            if data[place + offset] & 0xC0 != 0x80:
                return False
        if more > 0 and not second_is_valid(data[place], data[place + 1]):
            return False
        place += more + 1
    return True
