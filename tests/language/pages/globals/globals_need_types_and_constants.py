"""A global is declared with its type and a constant value; a module runs no code."""
from metal import u32


def five() -> u32:
    return 5


untyped = 3  # error: M070 type
computed: u32 = five()  # error: M091 constant
large: u32 = 4294967296  # error: M013 4294967296 does not fit u32

five()  # error: M002 module
for i in range(3):  # error: M002 module
    pass
if large == 3:  # error: M002 module
    pass
