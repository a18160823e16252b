"""Ed25519 keys, and signed envelopes (DSSE 1.0) whose signature is over the exact bytes of a statement."""

# The library's types are partly open, and it names its public classes only in __init__.
# pyright: reportPrivateImportUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from motet.errors import MotetError, Place

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"


def own_key_file() -> Path:
    """Where a person's key lies unless another is named."""
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(settings) / "motet" / "certify-key.pem"


def make_key(path: Path) -> None:
    """A new private key that only its owner can read; an existing file is never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(CryptoSigner.generate_ed25519().private_bytes)


def load_key(path: Path) -> Ed25519PrivateKey:
    """The key to sign with."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise MotetError(
            "the key cannot be read", place=Place(path), cure="name an Ed25519 private key in PEM form, or a new file"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise MotetError("the key is not an Ed25519 key", place=Place(path), cure="name a new file, to make one")
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """A public key as it is laid beside a certificate."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_public(pem: bytes) -> Ed25519PublicKey | None:
    """A public key in exactly the form in which we write them; None for anything else."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, Ed25519PublicKey):
        return None
    return key if public_pem(key) == pem else None


def fingerprint(key: Ed25519PublicKey) -> str:
    """What people tell each other of a public key: SHA-256 over its DER form (RFC 5280, SubjectPublicKeyInfo)."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"sha256:{hashlib.sha256(der).hexdigest()}"


def sign(statement: bytes, key: Ed25519PrivateKey) -> bytes:
    """The envelope around a statement."""
    envelope = Envelope(statement, PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(key))
    return envelope_bytes(envelope)


def envelope_bytes(envelope: Envelope) -> bytes:
    """The one form in which an envelope is written, so that none of its bytes can change unnoticed."""
    written: dict[str, Any] = envelope.to_dict()
    return (json.dumps(written, indent=1, sort_keys=True) + "\n").encode()


def open_envelope(data: bytes, key: Ed25519PublicKey) -> tuple[bytes, str]:
    """The statement in an envelope, and what is wrong with the envelope: an empty text when nothing is."""
    try:
        envelope = Envelope.from_dict(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError):
        return b"", "is no DSSE envelope"
    if envelope_bytes(envelope) != data:
        return b"", "is not in the form in which it was written"
    if envelope.payload_type != PAYLOAD_TYPE:
        return b"", f"holds a {envelope.payload_type}, not an in-toto statement"
    try:
        envelope.verify([SSlibKey.from_crypto(key)], 1)
    except VerificationError:
        return b"", "was not signed with that key, or was changed since"
    return envelope.payload, ""
