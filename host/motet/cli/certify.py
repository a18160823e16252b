"""`motet certify`: proves that one source makes the system of every family, and checks such proofs."""

from __future__ import annotations

from pathlib import Path

import click

from motet.errors import STATUS_FAILED


@click.command(short_help="build and run every family, and sign what was found")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="The folder of the new certificate; it must be empty or missing.",
)  # fmt: skip
@click.option("--on", "boards", multiple=True, metavar="BOARD", help="Only this board or family. Repeatable.")
@click.option(
    "--sign-with", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="An Ed25519 private key in PEM form; a missing file is made. Without it, your own key for certificates.",
)  # fmt: skip
@click.option(
    "--verify", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="Check the certificate in this folder instead of making one.",
)  # fmt: skip
@click.option("--key", metavar="FINGERPRINT", help="With --verify: whose signature it must carry, sha256:....")
def command(
    output: Path | None, boards: tuple[str, ...], sign_with: Path | None, verify: Path | None, key: str | None
) -> int:
    """Builds the system of every family from one input, twice, runs the suite on each, and writes a signed report."""
    if verify is not None:
        if key is None:
            raise click.UsageError("--verify needs --key FINGERPRINT, which whoever signed it gave you by another way")
        return check(verify, key)
    if output is None:
        raise click.UsageError("name the folder to write to: -o DIR; or check a certificate: --verify DIR --key ...")
    if output.exists() and any(output.iterdir()):
        raise click.UsageError(f"{output} is not empty; name a folder for this certificate alone")
    return make(output, boards, sign_with)


def make(output: Path, names: tuple[str, ...], sign_with: Path | None) -> int:
    """Makes a certificate and says how it stands."""
    from motet.certify.make import PAGE, make_certificate
    from motet.certify.signing import fingerprint, load_key, make_key, own_key_file
    from motet.paths import shown
    from motet.plan.board import family_boards, find_board
    from motet.terminal import complain, note

    path = sign_with or own_key_file()
    if not path.exists():
        make_key(path)
        note(f"made a key to sign with: {path}")
    secret = load_key(path)
    output.mkdir(parents=True, exist_ok=True)
    chosen = [find_board(name) for name in names] if names else family_boards()
    certificate = make_certificate(chosen, output, secret)
    for finding in certificate.findings:
        complain(finding)
    print(f"{shown(output / PAGE)}: {len(certificate.families)} families, {len(certificate.findings)} findings")
    print(f"signed with {fingerprint(secret.public_key())}")
    return STATUS_FAILED if certificate.findings else 0


def check(folder: Path, key: str) -> int:
    """Checks a certificate and names what does not hold."""
    from motet.certify.verify import verify
    from motet.terminal import complain

    problems = verify(folder, key)
    for problem in problems:
        complain(problem)
    if problems:
        return STATUS_FAILED
    print(f"{folder}: everything holds, signed with {key}")
    return 0
