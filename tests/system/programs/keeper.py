"""Fails deep in its calls, where each function keeps much in registers and on its stack meanwhile."""

from __future__ import annotations

from metal import Array, array, u64

items: Array[u64] = array(4)


def inner(first: u64, second: u64, third: u64) -> u64:
    """Calls the other for each step, and fails when the third has grown."""
    total = first
    if third > 20:
        items[third] = 3
    for step in range(second & 3):
        total += outer(first + step, second + 1, third + 7) * first
    return total + second * third


def outer(first: u64, second: u64, third: u64) -> u64:
    """Calls the other twice."""
    kept: Array[u64] = array(16)
    kept[first & 15] = inner(second, first, third + 1)
    kept[second & 15] += inner(first + 1, second, third + 2)
    return kept[third & 15] + kept[0]


def main() -> None:
    """Begins."""
    print(f"{outer(3, 2, 1)}")
