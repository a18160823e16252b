"""What keeps a certificate from being whole, in sentences; a certificate without findings holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from motet.certify.evidence import FAILED, NOT_EXECUTED, PASSED, Family, SuiteRun, Waiver


def find_all(families: Sequence[Family], waivers: Sequence[Waiver]) -> list[str]:
    """Every finding, family by family."""
    wanted = most_names(families)
    found = [finding for family in families for finding in of_family(family, wanted, waivers)]
    return [*found, *unused_waivers(families, waivers)]


def most_names(families: Sequence[Family]) -> set[str]:
    """The checks that any family has; every family must have them all."""
    return {check.name for family in families for run in family.runs for check in run.checks}


def of_family(family: Family, wanted: set[str], waivers: Sequence[Waiver]) -> Iterator[str]:
    """What is wrong with one family."""
    for image in family.images:
        if not image.reproduced:
            yield f"{family.name}: {image.file} is not the same bytes when it is built in another folder"
    passed = {name for run in family.runs for name in run.named(PASSED)}
    waived = {waiver.check for waiver in waivers if waiver.board == family.board}
    for run in executed(family.runs):
        if not run.ended:
            yield f"{family.name}: on {run.machine} the suite did not come to its end; see {run.log}"
        names = [check.name for check in run.checks]
        for name in sorted(wanted - set(names)):
            yield f"{family.name}: on {run.machine} the check '{name}' is missing"
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{family.name}: on {run.machine} the check '{name}' was told more than once"
        for check in run.checks:
            if check.result == FAILED:
                yield f"{family.name}: on {run.machine} the check '{check.name}' failed: {check.reason}"
            if check.result == NOT_EXECUTED and check.name not in passed | waived:
                yield f"{family.name}: on {run.machine} the check '{check.name}' was not executed: {check.reason}"


def executed(runs: Sequence[SuiteRun]) -> list[SuiteRun]:
    """The runs of which there is a machine; the others say themselves that they were not executed."""
    return [run for run in runs if not run.evidence.startswith(NOT_EXECUTED)]


def unused_waivers(families: Sequence[Family], waivers: Sequence[Waiver]) -> Iterator[str]:
    """A waiver for a check that was executed after all has become untrue."""
    for waiver in waivers:
        runs = [run for family in families if family.board == waiver.board for run in executed(family.runs)]
        if runs and not any(waiver.check in run.named(NOT_EXECUTED) for run in runs):
            yield f"{waiver.board}: the waiver of '{waiver.check}' is not needed; remove it from the board's file"
