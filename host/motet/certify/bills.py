"""Software bills of materials of an image, in the two formats that tools read: SPDX 2.3 and CycloneDX 1.6."""

# The classes of CycloneDX's library are made by a decorator that hides their parameters from type checkers.
# pyright: reportUnknownMemberType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportArgumentType=false, reportUnknownArgumentType=false

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from spdx_tools.spdx.model.actor import Actor, ActorType
from spdx_tools.spdx.model.checksum import Checksum, ChecksumAlgorithm
from spdx_tools.spdx.model.document import CreationInfo, Document
from spdx_tools.spdx.model.file import File
from spdx_tools.spdx.model.package import Package
from spdx_tools.spdx.model.relationship import Relationship, RelationshipType
from spdx_tools.spdx.model.spdx_no_assertion import SpdxNoAssertion
from spdx_tools.spdx.writer.write_anything import write_file

from motet.certify.evidence import ImageEvidence, Tool
from motet.paths import ROOT

NAMESPACE: Final = "https://spdx.org/spdxdocs"


def write_bills(folder: Path, image: ImageEvidence, version: str, tools: list[Tool], made: datetime) -> list[Path]:
    """Both bills of an image; they name its sources and the tools that built it."""
    name = f"motet-{image.name}"
    spdx, cyclonedx = folder / f"{image.name}.spdx.json", folder / f"{image.name}.cdx.json"
    write_file(spdx_document(name, image, version, tools, made), str(spdx))
    cyclonedx.write_text(JsonV1Dot6(cyclonedx_bill(name, image, version, tools)).output_as_string(indent=1))
    return [spdx, cyclonedx]


def spdx_document(name: str, image: ImageEvidence, version: str, tools: list[Tool], made: datetime) -> Document:
    """The image is a package that contains its sources; each tool is a package that built it."""
    document = "SPDXRef-DOCUMENT"
    information = CreationInfo(
        "SPDX-2.3", document, name, f"{NAMESPACE}/{name}-{image.sha256}",
        [Actor(ActorType.TOOL, f"motet-{version}")], made,
    )  # fmt: skip
    packages = [
        Package(
            "SPDXRef-image", name, SpdxNoAssertion(), version, image.file, files_analyzed=False,
            checksums=[Checksum(ChecksumAlgorithm.SHA256, image.sha256)],
        )
    ]  # fmt: skip
    relations = [Relationship(document, RelationshipType.DESCRIBES, "SPDXRef-image")]
    for tool in tools:
        reference = f"SPDXRef-tool-{identifier(tool.name)}"
        digest = Checksum(ChecksumAlgorithm.SHA256, tool.sha256)
        packages.append(
            Package(reference, tool.name, SpdxNoAssertion(), tool.version, files_analyzed=False, checksums=[digest])
        )
        relations.append(Relationship(reference, RelationshipType.BUILD_TOOL_OF, "SPDXRef-image"))
    files: list[File] = []
    for source in image.sources:
        reference = f"SPDXRef-file-{identifier(source.name)}"
        checksums = [
            Checksum(ChecksumAlgorithm.SHA1, sha1_of(source.name)),
            Checksum(ChecksumAlgorithm.SHA256, source.sha256),
        ]
        files.append(File(f"./{source.name}", reference, checksums))
        relations.append(Relationship("SPDXRef-image", RelationshipType.GENERATED_FROM, reference))
    return Document(information, packages, files, relationships=relations)


def sha1_of(name: str) -> str:
    """SPDX 2.3 (8.4) wants this digest of every file, beside whatever better one is given; modules that the build
    wrote have none in the tree, and are known by their name, which is a digest."""
    path = ROOT / name
    return hashlib.sha1(path.read_bytes() if path.is_file() else name.encode(), usedforsecurity=False).hexdigest()


def identifier(name: str) -> str:
    """A name with only those characters that an SPDX identifier may have."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", name)


def cyclonedx_bill(name: str, image: ImageEvidence, version: str, tools: list[Tool]) -> Bom:
    """The image is the component that the bill is of; its sources are components, the tools made the bill's subject."""
    bill = Bom()
    bill.metadata.component = Component(
        name=name, version=version, type=ComponentType.OPERATING_SYSTEM, bom_ref=name,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=image.sha256)],
    )  # fmt: skip
    for tool in tools:
        bill.metadata.tools.components.add(component(tool.name, tool.sha256, ComponentType.APPLICATION, tool.version))
    for source in image.sources:
        bill.components.add(component(source.name, source.sha256, ComponentType.FILE, None))
    bill.register_dependency(bill.metadata.component, bill.components)
    return bill


def component(name: str, sha256: str, kind: ComponentType, version: str | None) -> Component:
    """A part with its digest."""
    digest = HashType(alg=HashAlgorithm.SHA_256, content=sha256)
    return Component(name=name, version=version, type=kind, bom_ref=name, hashes=[digest])
