"""The suite program passes on every machine that this tree can boot, with the same names and the same results."""

from __future__ import annotations

from pathlib import Path

import pytest

from motet.rooted import Machine, Run, boot

SUITE = "tests.machine.suite.main"
MIB = 1 << 20

MACHINES = [
    pytest.param(Machine(memory=64 * MIB), id="one-cpu-64M"),
    pytest.param(Machine(cpus=2, built_for=2), id="two-cpus"),
    pytest.param(Machine("qemu-riscv", memory=64 * MIB), id="riscv64-one-cpu-64M"),
    pytest.param(Machine("qemu-riscv", cpus=2, built_for=2), id="riscv64-two-cpus"),
    pytest.param(Machine("qemu-riscv", cpus=1, built_for=2), id="riscv64-one-cpu-of-two", marks=pytest.mark.slow),
    pytest.param(Machine("qemu-riscv", memory=4096 * MIB, cpus=2, built_for=2), id="riscv64-4G", marks=pytest.mark.all),
    pytest.param(Machine("qemu-virt-gicv3", cpus=2, built_for=2), id="gicv3", marks=pytest.mark.slow),
    pytest.param(Machine("qemu-virt-el2"), id="el2", marks=pytest.mark.slow),
    pytest.param(Machine("qemu-virt-el2", cpus=2, built_for=2), id="el2-two-cpus", marks=pytest.mark.all),
    pytest.param(Machine(cpus=1, built_for=2), id="one-cpu-of-two", marks=pytest.mark.slow),
    pytest.param(Machine(memory=4096 * MIB, cpus=2, built_for=2), id="4G", marks=pytest.mark.slow),
    pytest.param(Machine("qemu-virt-gicv3", memory=1024 * MIB), id="gicv3-1G", marks=pytest.mark.all),
]


def named(run: Run, result: str) -> list[str]:
    """The names of the checks with this result."""
    return [line.removeprefix(result + " ") for line in run.lines if line.startswith(result + " ")]


def summary(run: Run) -> str:
    """The last thing the suite says."""
    found = [line for line in run.lines if line.startswith("suite: ")]
    assert found, run.last()
    return found[-1]


@pytest.mark.parametrize("machine", MACHINES)
def test_the_suite_passes(machine: Machine, tmp_path: Path) -> None:
    run = boot(machine, SUITE, tmp_path, seconds=90)
    assert not named(run, "failed"), run.last()
    told = summary(run)
    assert f", {machine.cpus} CPUs" in told, told
    passed, skipped = named(run, "ok"), named(run, "skipped")
    assert len(passed) + len(skipped) >= 50, run.last()
    assert len(set(passed)) == len(passed)
    if machine.cpus > 1:
        assert not skipped, run.last()
    assert run.status == 0, run.last()


@pytest.mark.slow
def test_the_suite_ends_without_semihosting(tmp_path: Path) -> None:
    # Without a debugger the machine is powered off by firmware, which cannot tell a status.
    run = boot(Machine(extra=("-semihosting-config", "enable=off")), SUITE, tmp_path, seconds=90)
    assert not named(run, "failed"), run.last()
    assert run.status == 0, run.last()
