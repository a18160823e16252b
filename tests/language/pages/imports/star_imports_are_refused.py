"""Every name says where it comes from: no `*`."""
from helpers.shapes import *  # error: *


def f() -> bool:
    return True
