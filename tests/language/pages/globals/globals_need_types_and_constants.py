"""A global is declared with its type and a constant value; a module runs no code."""
from metal import u32


def five() -> u32:
    return 5


untyped = 3  # error: type
computed: u32 = five()  # error: constant
large: u32 = 4294967296  # error: 4294967296 does not fit u32

five()  # error: module
for i in range(3):  # error: module
    pass
if large == 3:  # error: module
    pass
