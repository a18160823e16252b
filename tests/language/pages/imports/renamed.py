"""`import ... as` gives another name to the same thing."""
import helpers.shapes as forms
from helpers.shapes import area as surface

from metal import U32


def test_names() -> None:
    assert surface(forms.Square(6)) == U32(36)
