"""What a certificate says, as records; `report.json` is these records written out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

FORMAT: Final = "motet-certificate/1"

# What became of a check.
PASSED: Final = "passed"
FAILED: Final = "failed"
NOT_EXECUTED: Final = "not executed"


@dataclass(frozen=True)
class Input:
    """What everything was built of: one digest over the names and digests of all files of the tree."""

    digest: str
    files: int
    bytes: int


@dataclass(frozen=True)
class Tool:
    """A program that took part, with the digest of its file; for an emulator, that is all we know of the machine."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Source:
    """One file of an image: how long it is and how much code of the image came from it."""

    name: str
    sha256: str
    lines: int
    code_bytes: int
    room: str  # "family" (kernel/arch), "chips" (kernel/chips) or "portable"
    kernel: bool


@dataclass(frozen=True)
class Share:
    """Lines and bytes of code of a part, and of the whole it is a part of."""

    part_lines: int
    whole_lines: int
    part_bytes: int
    whole_bytes: int

    @property
    def of_lines(self) -> float:
        """The part's share of the lines, 0 to 1."""
        return self.part_lines / self.whole_lines if self.whole_lines else 0.0

    @property
    def of_bytes(self) -> float:
        """The part's share of the code, 0 to 1."""
        return self.part_bytes / self.whole_bytes if self.whole_bytes else 0.0


@dataclass(frozen=True)
class ImageEvidence:
    """One bootable file: what it was built of, and that another folder gives the same bytes."""

    name: str
    file: str
    bytes: int
    sha256: str
    rebuilt_sha256: str
    sources: list[Source]
    family_share: Share  # kernel/arch over the whole image
    kernel_share: Share  # kernel/arch and kernel/chips over the kernel

    @property
    def reproduced(self) -> bool:
        """Both builds are the same bytes."""
        return self.sha256 == self.rebuilt_sha256


@dataclass(frozen=True)
class Check:
    """One check of the suite."""

    name: str
    result: str
    reason: str = ""


@dataclass(frozen=True)
class SuiteRun:
    """The suite on one machine; `evidence` says how far the machine is to be believed."""

    machine: str
    board: str
    cpus: int
    evidence: str
    image: str
    image_sha256: str
    log: str
    ended: bool  # by itself, with status 0
    checks: list[Check]

    def named(self, result: str) -> list[str]:
        """The checks with this result."""
        return [check.name for check in self.checks if check.result == result]


@dataclass(frozen=True)
class Waiver:
    """A check that a machine cannot run, and why that is accepted."""

    board: str
    check: str
    reason: str


@dataclass(frozen=True)
class Family:
    """One family of processors."""

    name: str
    board: str
    images: list[ImageEvidence]
    runs: list[SuiteRun]
    bills: list[str]  # software bills of materials, by file


@dataclass(frozen=True)
class Certificate:
    """Everything that was found."""

    made: str
    version: str
    input: Input
    tools: list[Tool]
    packages: dict[str, str]
    families: list[Family]
    waivers: list[Waiver]
    findings: list[str]
    format: str = FORMAT

    def as_json(self) -> str:
        """The report: keys sorted, so that equal certificates are equal bytes."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def share_of(sources: list[Source], rooms: tuple[str, ...]) -> Share:
    """How much of these sources lies in these rooms."""
    part = [source for source in sources if source.room in rooms]
    return Share(
        sum(source.lines for source in part),
        sum(source.lines for source in sources),
        sum(source.code_bytes for source in part),
        sum(source.code_bytes for source in sources),
    )
