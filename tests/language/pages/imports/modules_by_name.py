"""`import m` and `from p import m` reach a module's names with a dot."""
import helpers.shapes
from helpers import shapes

from metal import u32


def test_dotted_names() -> None:
    s = shapes.Square(2)
    assert shapes.area(s) == 4
    assert helpers.shapes.area(s) == 4
    n: u32 = shapes.SIDES
    assert n == 4
