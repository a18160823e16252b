"""`asm` and `asm64` put instructions into the code; operands travel in registers."""
# machine
from typing import Final

from metal import asm, asm64, u64

UNSAFE: Final = True


def test_an_empty_template_is_a_barrier() -> None:
    n: u64 = 3
    asm("")
    assert n == 3


def test_an_operand_comes_back() -> None:
    n: u64 = 12345
    assert asm64("mov %1, %0", n) == 12345
