"""What is signed: an in-toto statement about the certificate's files, with SLSA provenance of the build."""

# The library has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import STATEMENT_TYPE_URI, Statement

from motet.certify.evidence import Certificate
from motet.certify.inputs import file_sha256

PREDICATE_TYPE: Final = "https://slsa.dev/provenance/v1"
BUILD_TYPE: Final = "urn:motet:certify:1"
ENVELOPE: Final = "attestation.dsse.json"
PUBLIC_KEY: Final = "key.pem"

# The envelope cannot state its own digest, and the key is known by its fingerprint.
UNSTATED: Final = (ENVELOPE, PUBLIC_KEY)


def files_of(folder: Path) -> list[str]:
    """The certificate's files by name below its folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def make_statement(folder: Path, certificate: Certificate) -> bytes:
    """The statement over everything that lies in the folder now."""
    subjects = [
        ResourceDescriptor(name=name, digest={"sha256": file_sha256(folder / name)}).pb
        for name in files_of(folder)
        if name not in UNSTATED
    ]
    statement = Statement(subjects, PREDICATE_TYPE, provenance(certificate))
    statement.validate()
    return (json.dumps(MessageToDict(statement.pb), sort_keys=True) + "\n").encode()


def provenance(certificate: Certificate) -> dict[str, Any]:
    """SLSA provenance 1.0: what was built, of what, by what, and when."""
    tools = [{"name": tool.name, "digest": {"sha256": tool.sha256}} for tool in certificate.tools]
    source = {"name": "source tree", "digest": {"sha256": certificate.input.digest}}
    return {
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": {"boards": [family.board for family in certificate.families]},
            "internalParameters": {"packages": certificate.packages},
            "resolvedDependencies": [source, *tools],
        },
        "runDetails": {
            "builder": {"id": "urn:motet:local", "version": {"motet": certificate.version}},
            "metadata": {"startedOn": certificate.made},
        },
    }


def read_statement(data: bytes) -> tuple[dict[str, str], dict[str, Any]] | None:
    """The digests of a statement's subjects by name, and its predicate; None when it states something else."""
    try:
        statement: dict[str, Any] = json.loads(data)
        if statement["_type"] != STATEMENT_TYPE_URI or statement["predicateType"] != PREDICATE_TYPE:
            return None
        subjects = {str(subject["name"]): str(subject["digest"]["sha256"]) for subject in statement["subject"]}
        return subjects, dict(statement["predicate"])
    except (ValueError, KeyError, TypeError):
        return None
