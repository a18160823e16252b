"""A common mistake: f string elsewhere."""

from metal import u32


def name(n: u32) -> str:
    return f"lamp {n}"
