"""Every name of Python's own modules says where it comes from: no `*`."""
from os import *  # error: M002 import *


def f() -> bool:
    return True
