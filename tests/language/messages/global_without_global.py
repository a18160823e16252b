"""A common mistake: global without global."""

from metal import u32


count: u32 = 0


def bump() -> None:
    count += 1
