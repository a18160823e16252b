"""Prints many numbered lines, as fast as they are taken."""

from system.app import milliseconds, sleep


def main() -> None:
    """Five hundred lines."""
    for number in range(500):
        print(f"line {number} of five hundred")
        if number % 10 == 0:
            sleep(milliseconds(1))
