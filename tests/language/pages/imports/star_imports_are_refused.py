"""Every name of Python's own modules says where it comes from: no `*`."""
from os import *  # error: os


def f() -> bool:
    return True
