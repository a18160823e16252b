"""A common mistake: module that is not there."""

import apps.lampp


def run() -> None:
    pass
