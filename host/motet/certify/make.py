"""Makes a certificate: builds everything, runs everything, writes it all down, and signs what was written."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from os import sched_getaffinity
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from metal.targets import target_named
from motet import VERSION
from motet.certify.bills import write_bills
from motet.certify.evidence import Certificate, Family, ImageEvidence, SuiteRun, Tool, Waiver
from motet.certify.findings import find_all
from motet.certify.images import build_system
from motet.certify.inputs import copy_input, measure_input
from motet.certify.page import draw_page
from motet.certify.signing import public_pem, sign
from motet.certify.statement import ENVELOPE, PUBLIC_KEY, make_statement
from motet.certify.suites import Suite, build_suite, run_suite
from motet.certify.toolchain import describe_tools, locked_packages
from motet.certify.verify import REPORT
from motet.paths import ROOT
from motet.plan.board import Board
from motet.terminal import note

PAGE = "report.html"
LOCK = ROOT / "host" / "locks" / "packages.txt"
# The suite runs on one processor and, where the machine has them, on two.
SUITE_CPUS = (1, 2)


def make_certificate(boards: Sequence[Board], folder: Path, key: Ed25519PrivateKey) -> Certificate:
    """Fills an empty folder; the certificate's findings say what does not hold."""
    made = datetime.now(UTC).replace(microsecond=0)
    before = measure_input(ROOT)
    note(f"input {before.digest[:16]}: {before.files} files, {before.bytes:,} bytes")
    images = build_systems(boards, folder)
    runs = run_suites(boards, folder)
    families = [
        describe_family(board, image, [run for run in runs if run.board == board.name], folder, made)
        for board, image in zip(boards, images, strict=True)
    ]
    waivers = [Waiver(board.name, waiver.check, waiver.reason) for board in boards for waiver in board.waivers]
    findings = find_all(families, waivers)
    if measure_input(ROOT) != before:
        findings.append("the tree was changed while the certificate was made")
    certificate = Certificate(
        made=made.isoformat(), version=VERSION, input=before, tools=tools_of(boards, emulators=True),
        packages=locked_packages(LOCK), families=families, waivers=waivers, findings=findings,
    )  # fmt: skip
    (folder / REPORT).write_text(certificate.as_json(), encoding="utf-8")
    (folder / PAGE).write_text(draw_page(certificate), encoding="utf-8")
    (folder / PUBLIC_KEY).write_bytes(public_pem(key.public_key()))
    (folder / ENVELOPE).write_bytes(sign(make_statement(folder, certificate), key))
    return certificate


def build_systems(boards: Sequence[Board], folder: Path) -> list[ImageEvidence]:
    """Every board's system, here and in a copy of the tree."""
    images: list[ImageEvidence] = []
    with tempfile.TemporaryDirectory(prefix="motet-elsewhere-") as elsewhere:
        tree = Path(elsewhere) / "another" / "tree"
        copy_input(ROOT, tree)
        for board in boards:
            note(f"{board.target}: building the system here and elsewhere")
            images.append(build_system(board, tree, folder))
    return images


def run_suites(boards: Sequence[Board], folder: Path) -> list[SuiteRun]:
    """The suite on every machine, as many at a time as there are processors, in the order of the boards."""
    suites = [build_suite(board, cpus, folder) for board in boards for cpus in SUITE_CPUS if cpus <= board.most_cpus]

    def run(suite: Suite) -> SuiteRun:
        done = run_suite(suite, folder)
        note(f"{suite.board.target}: {done.machine}: {done.evidence}, {len(done.checks)} checks")
        return done

    with ThreadPoolExecutor(len(sched_getaffinity(0))) as pool:
        return list(pool.map(run, suites))


def describe_family(
    board: Board, image: ImageEvidence, runs: list[SuiteRun], folder: Path, made: datetime
) -> Family:  # fmt: skip
    """One family with its bills of materials."""
    place = folder / "bills"
    place.mkdir(exist_ok=True)
    bills = write_bills(place, image, VERSION, tools_of([board], emulators=False), made)
    return Family(board.target, board.name, [image], runs, [path.relative_to(folder).as_posix() for path in bills])


def tools_of(boards: Sequence[Board], emulators: bool) -> list[Tool]:
    """What compiled and linked for these boards, and what ran them."""
    targets = [target_named(board.target) for board in boards]
    programs = [program for target in targets for program in (target.compiler, target.linker)]
    return describe_tools([*programs, *(board.emulator.program for board in boards if emulators)])
