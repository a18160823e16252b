"""How a kernel of this family is laid out, and of which parts of Alpha's it has its own."""

from typing import Final

from kernel.arch.alpha.link import LAYOUT

CHIPS: Final = "kernel.chips.sw64"
"""The set of chips that machines of this family have: what a build takes for `kernel.chips.chosen`."""

PARTS: Final = {
    "kernel.arch.alpha.pal": "kernel.arch.sw64.pal",
    "kernel.arch.alpha.start": "kernel.arch.sw64.start",
}
"""Modules that a build takes for others."""

LINK_SCRIPT: Final = "HIGH = 0xfff0000000000000;\n" + LAYOUT
