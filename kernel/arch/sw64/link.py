"""How a kernel of this family is laid out, and of which parts of Alpha's it has its own."""

from typing import Final

from kernel.arch.alpha.link import link_script

CHIPS: Final = "kernel.chips.sw64"
"""The set of chips that machines of this family have: what a build takes for `kernel.chips.chosen`."""

PARTS: Final = {
    "kernel.arch.alpha.pal": "kernel.arch.sw64.pal",
    "kernel.arch.alpha.start": "kernel.arch.sw64.start",
}
"""Modules that a build takes for others."""

LOAD_ADDRESS: Final = 0x91_0000
"""Where boot loaders put the image: behind what firmware keeps at the start of memory."""

LINK_SCRIPT: Final = link_script(0xFFF0_0000_0000_0000)
