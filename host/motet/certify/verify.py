"""Checks a certificate offline, against a key that is known from elsewhere, and names everything that does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from motet.certify.evidence import FORMAT
from motet.certify.inputs import file_sha256
from motet.certify.signing import fingerprint, load_public, open_envelope
from motet.certify.statement import ENVELOPE, PUBLIC_KEY, UNSTATED, files_of, read_statement

REPORT: Final = "report.json"


def verify(folder: Path, key: str) -> list[str]:
    """What does not hold, in sentences; none when the certificate is whole and signed with the key of that name."""
    subjects, problem = read_signed(folder, key)
    if problem:
        return [problem]
    # A report is read only when it is the one that was signed.
    return list(changed_files(folder, subjects)) or list(inconsistencies(folder, subjects))


def read_signed(folder: Path, key: str) -> tuple[dict[str, str], str]:
    """The digests that were signed, or why there are none."""
    for name in UNSTATED:
        if not (folder / name).is_file():
            return {}, f"{name} is missing"
    public = load_public((folder / PUBLIC_KEY).read_bytes())
    if public is None:
        return {}, f"{PUBLIC_KEY} is no Ed25519 key in PEM form"
    if fingerprint(public) != key:
        return {}, f"{PUBLIC_KEY} has the fingerprint {fingerprint(public)}, not {key}: another key signed this"
    payload, problem = open_envelope((folder / ENVELOPE).read_bytes(), public)
    if problem:
        return {}, f"{ENVELOPE} {problem}"
    statement = read_statement(payload)
    if statement is None:
        return {}, f"{ENVELOPE} states something else than the provenance of files"
    return statement[0], ""


def changed_files(folder: Path, subjects: dict[str, str]) -> Iterator[str]:
    """Files that are missing, changed, or were never stated."""
    there = set(files_of(folder)) - set(UNSTATED)
    for name in sorted(subjects):
        if name not in there:
            yield f"{name} is missing"
        elif file_sha256(folder / name) != subjects[name]:
            yield f"{name} was changed"
    for name in sorted(there - set(subjects)):
        yield f"{name} does not belong to the certificate"


def inconsistencies(folder: Path, subjects: dict[str, str]) -> Iterator[str]:
    """What the report says against its own files, and what it says against itself."""
    if REPORT not in subjects:
        yield f"{REPORT} was not signed"
        return
    report: dict[str, Any] = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    if report.get("format") != FORMAT:
        yield f'{REPORT} is of the format "{report.get("format")}"; this program knows {FORMAT}'
        return
    for family in report["families"]:
        for image in family["images"]:
            yield from compare(image["file"], image["sha256"], subjects)
            if image["sha256"] != image["rebuilt_sha256"]:
                yield f"{image['file']} was not the same bytes when it was built again"
        for run in family["runs"]:
            yield from compare(run["image"], run["image_sha256"], subjects)
    for finding in report["findings"]:
        yield f"the certificate itself says: {finding}"


def compare(name: str, told: str, subjects: dict[str, str]) -> Iterator[str]:
    """A digest in the report, against the one that was signed for the file."""
    if subjects.get(name) != told:
        yield f"{REPORT} tells another digest of {name} than was signed"
