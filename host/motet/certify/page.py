"""The readable page of a certificate: one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from motet.certify.evidence import Certificate


def draw_page(certificate: Certificate) -> str:
    """The page; whatever stands in the certificate is text, never markup."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return templates.get_template("page.html").render(certificate=certificate, rows=rows(certificate))


def rows(certificate: Certificate) -> list[tuple[str, list[str]]]:
    """Each check by name, with its results in the order of the runs."""
    runs = [run for family in certificate.families for run in family.runs]
    names = dict.fromkeys(check.name for run in runs for check in run.checks)
    results = [{check.name: check.result for check in run.checks} for run in runs]
    return [(name, [result.get(name, "") for result in results]) for name in names]
