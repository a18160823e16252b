"""A certificate is whole, and whatever is changed in it afterwards is found and named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cyclonedx.model.bom import Bom
from hypothesis import given, settings
from hypothesis import strategies as st
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from motet.certify.evidence import (
    FAILED,
    NOT_EXECUTED,
    PASSED,
    Certificate,
    Check,
    Family,
    ImageEvidence,
    Input,
    Share,
    Source,
    SuiteRun,
    Tool,
    Waiver,
)
from motet.certify.findings import find_all
from motet.certify.inputs import copy_input, file_sha256, measure_input
from motet.certify.page import draw_page
from motet.certify.signing import fingerprint, load_key, make_key, public_pem, sign
from motet.certify.sources import room_of
from motet.certify.statement import ENVELOPE, PUBLIC_KEY, make_statement
from motet.certify.suites import read_checks
from motet.certify.verify import REPORT, verify
from motet.cli.certify import command
from motet.errors import MotetError
from motet.plan.board import find_board

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NAME = fingerprint(KEY.public_key())


def a_run(*checks: Check, cpus: int = 1, evidence: str = "emulated, QEMU 7.2", ended: bool = True) -> SuiteRun:
    return SuiteRun(
        f"board, {cpus} CPUs", "board", cpus, evidence, "suites/a.img", "", "suites/a.txt", ended, list(checks)
    )  # fmt: skip


def a_family(*runs: SuiteRun, name: str = "first", rebuilt: str = "") -> Family:
    share = Share(1, 20, 2, 40)
    image = ImageEvidence(
        name, "images/a.img", 3, "", rebuilt, [Source("a.py", "", 1, 2, "family", True)], share, share
    )
    return Family(name, f"{name}-board", [image], list(runs), [])


def a_certificate(folder: Path, key: Ed25519PrivateKey = KEY) -> Certificate:
    """A small certificate, whole and signed."""
    for name in ("images/a.img", "suites/a.img", "suites/a.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}\n")
    family = a_family(a_run(Check("one", PASSED)))
    image = replace(family.images[0], sha256=file_sha256(folder / "images/a.img"))
    image = replace(image, rebuilt_sha256=image.sha256)
    run = replace(family.runs[0], image_sha256=file_sha256(folder / "suites/a.img"))
    certificate = Certificate(
        "2026-01-01T00:00:00+00:00", "1", Input("00", 1, 1), [Tool("cc", "1", "11")], {"a": "1"},
        [replace(family, images=[image], runs=[run])], [], [],
    )  # fmt: skip
    (folder / REPORT).write_text(certificate.as_json())
    (folder / "report.html").write_text(draw_page(certificate))
    seal(folder, certificate, key)
    return certificate


def seal(folder: Path, certificate: Certificate, key: Ed25519PrivateKey) -> None:
    (folder / PUBLIC_KEY).write_bytes(public_pem(key.public_key()))
    (folder / ENVELOPE).write_bytes(sign(make_statement(folder, certificate), key))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    a_certificate(folder)
    assert verify(folder, NAME) == []
    return folder


@settings(max_examples=300)
@given(data=st.data())
def test_one_changed_byte_anywhere_is_found(whole: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(file for file in whole.rglob("*") if file.is_file())))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        path.write_bytes(changed)
        problems = verify(whole, NAME)
        assert problems
        assert str(path.relative_to(whole)) in problems[0]
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize("name", [ENVELOPE, PUBLIC_KEY])
def test_every_byte_of_the_envelope_and_the_key_counts(whole: Path, name: str) -> None:
    content = (whole / name).read_bytes()
    try:
        for at in range(len(content)):
            (whole / name).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            assert verify(whole, NAME), at
        for other in (content + b"\n", content[:-1], b""):
            (whole / name).write_bytes(other)
            assert verify(whole, NAME)
    finally:
        (whole / name).write_bytes(content)


def test_a_missing_and_an_added_file_are_named(tmp_path: Path) -> None:
    a_certificate(tmp_path)
    (tmp_path / "suites/a.txt").rename(tmp_path / "suites/b.txt")
    assert verify(tmp_path, NAME) == ["suites/a.txt is missing", "suites/b.txt does not belong to the certificate"]
    (tmp_path / ENVELOPE).unlink()
    assert verify(tmp_path, NAME) == [f"{ENVELOPE} is missing"]


def test_a_certificate_signed_with_another_key_is_refused(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path, OTHER)
    assert "another key signed this" in verify(tmp_path, NAME)[0]
    # The right key laid beside another's signature does not help.
    (tmp_path / PUBLIC_KEY).write_bytes(public_pem(KEY.public_key()))
    assert verify(tmp_path, NAME) == [f"{ENVELOPE} was not signed with that key, or was changed since"]
    seal(tmp_path, certificate, KEY)
    assert verify(tmp_path, NAME) == []


def test_a_signed_report_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    family = certificate.families[0]
    image = replace(family.images[0], rebuilt_sha256="other")
    run = replace(family.runs[0], image_sha256="other")
    lying = replace(certificate, families=[replace(family, images=[image], runs=[run])], findings=["it does not hold"])
    (tmp_path / REPORT).write_text(lying.as_json())
    seal(tmp_path, lying, KEY)
    assert verify(tmp_path, NAME) == [
        "images/a.img was not the same bytes when it was built again",
        f"{REPORT} tells another digest of suites/a.img than was signed",
        "the certificate itself says: it does not hold",
    ]


def test_failures_and_missing_checks_are_findings() -> None:
    families = [
        a_family(a_run(Check("one", PASSED), Check("two", FAILED, "it broke")), name="first"),
        a_family(a_run(Check("one", PASSED), Check("one", PASSED)), name="second", rebuilt="other"),
    ]
    found = find_all(families, [])
    assert "first: on board, 1 CPUs the check 'two' failed: it broke" in found
    assert "second: on board, 1 CPUs the check 'two' is missing" in found
    assert "second: on board, 1 CPUs the check 'one' was told more than once" in found
    assert find_all([a_family(a_run(ended=False))], []) == [
        "first: on board, 1 CPUs the suite did not come to its end; see suites/a.txt"
    ]
    assert "second: images/a.img is not the same bytes when it is built in another folder" in found


def test_a_check_that_was_never_executed_needs_a_waiver_and_a_waiver_needs_such_a_check() -> None:
    absent = Check("two", NOT_EXECUTED, "the emulator cannot")
    one, two = a_run(Check("one", PASSED), absent), a_run(Check("one", PASSED), Check("two", PASSED), cpus=2)
    waiver = Waiver("first-board", "two", "the emulator cannot")
    assert find_all([a_family(one)], []) == [
        "first: on board, 1 CPUs the check 'two' was not executed: the emulator cannot"
    ]
    assert find_all([a_family(one)], [waiver]) == []
    assert find_all([a_family(one, two)], []) == []
    assert find_all([a_family(two)], [waiver]) == [
        "first-board: the waiver of 'two' is not needed; remove it from the board's file"
    ]


def test_a_family_without_a_machine_says_so_and_is_not_judged() -> None:
    absent = a_run(evidence=f"{NOT_EXECUTED}: no emulator")
    assert find_all([a_family(a_run(Check("one", PASSED))), a_family(absent, name="second")], []) == []


def test_the_suite_s_lines_become_results_with_reasons() -> None:
    lines = ["noise", "ok one", "because: 3 is not 4", "failed two", "skipped: there is one CPU", "skipped three", "ok"]
    assert read_checks(lines) == [
        Check("one", PASSED), Check("two", FAILED, "3 is not 4"), Check("three", NOT_EXECUTED, "there is one CPU"),
    ]  # fmt: skip


def test_the_page_shows_text_and_no_markup_from_outside(tmp_path: Path) -> None:
    certificate = replace(a_certificate(tmp_path), findings=["<script>alert(1)</script>"])
    page = draw_page(certificate)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_rooms_of_sources() -> None:
    assert room_of("kernel/arch/toy/cpu.py") == "family"
    assert room_of("kernel/arch/contract.py") == "portable"
    assert room_of("kernel/chips/clock.py") == "chips"
    assert room_of("kernel/main.py") == "portable"


def test_the_input_s_digest_knows_content_and_names_but_no_folder(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "kernel").mkdir(parents=True)
    (tree / "kernel" / "a.py").write_text("a = 1\n")
    first = measure_input(tree)
    copy_input(tree, tmp_path / "copy")
    assert measure_input(tmp_path / "copy") == first
    (tree / "kernel" / "a.py").rename(tree / "kernel" / "b.py")
    assert measure_input(tree).digest != first.digest


def test_keys_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "mine.pem"
    make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path).public_key() == load_key(path).public_key()
    with pytest.raises(FileExistsError):
        make_key(path)
    path.write_text("nonsense")
    with pytest.raises(MotetError, match="the key cannot be read"):
        load_key(path)


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    runner = CliRunner()
    assert "name the folder to write to" in runner.invoke(command, []).output
    assert "needs --key FINGERPRINT" in runner.invoke(command, ["--verify", str(tmp_path)]).output
    (tmp_path / "a").write_text("")
    assert "is not empty" in runner.invoke(command, ["-o", str(tmp_path)]).output


@pytest.mark.slow
def test_a_family_is_certified_and_the_certificate_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, key = tmp_path / "certificate", tmp_path / "key.pem"
    make_key(key)
    status = command.main(
        ["-o", str(folder), "--on", find_board(None).name, "--sign-with", str(key)], standalone_mode=False
    )
    assert status == 0, capsys.readouterr().err
    assert verify(folder, fingerprint(load_key(key).public_key())) == []
    report = json.loads((folder / REPORT).read_text())
    (family,) = report["families"]
    assert family["images"][0]["sha256"] == family["images"][0]["rebuilt_sha256"]
    assert [run["cpus"] for run in family["runs"]] == [1, 2]
    assert all(len(run["checks"]) >= 50 for run in family["runs"])
    sources = {source["name"]: source for source in family["images"][0]["sources"]}
    assert sources["kernel/syscalls.py"]["code_bytes"] > 0
    # Every bill is what its format's own reader accepts, and names every source.
    names = set(sources)
    for bill in family["bills"]:
        if bill.endswith(".spdx.json"):
            document = parse_file(str(folder / bill))
            assert validate_full_spdx_document(document) == []
            assert {file.name.removeprefix("./") for file in document.files} == names
        else:
            read: Any = Bom
            components = read.from_json(json.loads((folder / bill).read_text())).components
            assert {component.name for component in components} == names
