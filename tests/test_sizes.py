"""One file, one idea: no file above 600 lines, a small kernel, small ports."""

from __future__ import annotations

import statistics

from tests.tree import Module, code_lines, fits, modules

FILE_LINES = 600
MEDIAN_LINES = 160
KERNEL_LINES = 8000
ARCHITECTURE_LINES = 900
# One port has more, for the roads that are straight there and a second kind of board; docs/limits.md says so.
LARGER = {"aarch64": 950}


def total(prefix: str, *without: str) -> int:
    """The lines of everything below a name."""
    return sum(
        module.lines
        for module in modules().values()
        if fits(module.name, prefix) and not any(fits(module.name, other) for other in without)
    )


def test_no_file_outgrew_its_idea() -> None:
    too_long = {module.shown: module.lines for module in modules().values() if module.lines > FILE_LINES}
    assert not too_long


def test_files_are_small_as_a_rule() -> None:
    assert statistics.median(module.lines for module in modules().values()) <= MEDIAN_LINES


def test_the_kernel_can_be_read_in_an_afternoon() -> None:
    assert 0 < total("kernel", "kernel.arch", "kernel.chips") <= KERNEL_LINES


def test_a_port_stays_small() -> None:
    families = {name.split(".")[2] for name in modules() if name.startswith("kernel.arch.") and name.count(".") >= 3}
    sizes = {
        family: sum(code_lines(module) for module in modules().values() if fits(module.name, f"kernel.arch.{family}"))
        for family in sorted(families - {"host"})
    }
    assert sizes
    assert not {family: size for family, size in sizes.items() if size > LARGER.get(family, ARCHITECTURE_LINES)}


def test_every_file_opens_with_what_it_is() -> None:
    def opens_well(module: Module) -> bool:
        return module.source.lstrip().startswith(('"""', "#!"))

    assert not [module.shown for module in modules().values() if not opens_well(module)]
