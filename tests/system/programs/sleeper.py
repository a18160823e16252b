"""Offers a service and never looks at what it is asked."""

from system.app import FOREVER, sleep


def main() -> None:
    """Sleeps."""
    while True:
        sleep(FOREVER)
