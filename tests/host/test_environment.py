"""The set-up: this machine's own pip settings reach uv, and the tree names no registry."""

from __future__ import annotations

import re
import subprocess

from motet.environment import settings_for_uv
from motet.paths import ROOT


def test_settings_of_pip_are_translated() -> None:
    listing = "global.index-url='https://packages.example/simple'\nglobal.cert='/etc/ssl/ca.pem'\nglobal.retries='3'\n"
    assert settings_for_uv(listing) == {
        "UV_DEFAULT_INDEX": "https://packages.example/simple", "SSL_CERT_FILE": "/etc/ssl/ca.pem",
    }  # fmt: skip


def test_several_indexes_are_all_handed_on() -> None:
    listing = "global.extra-index-url='file:///a\\nfile:///b'\nglobal.find-links='/x /y'\n"
    assert settings_for_uv(listing) == {"UV_INDEX": "file:///a file:///b", "UV_FIND_LINKS": "/x,/y"}


def test_the_environment_overrides_files() -> None:
    listing = "global.index-url='https://a.example'\n:env:.index-url='https://b.example'\n"
    assert settings_for_uv(listing) == {"UV_DEFAULT_INDEX": "https://b.example"}


def test_the_locks_pin_by_hash_and_name_no_place() -> None:
    for lock in (ROOT / "host" / "locks").iterdir():
        text = lock.read_text()
        assert "://" not in text and "index" not in text.split("--hash")[0], lock
        packages = re.findall(r"^[a-z0-9-]+==[^\s;]+", text, re.MULTILINE)
        assert packages and all(f"{name}" in text for name in packages)
        for block in re.split(r"\n(?=[a-z0-9-]+==)", text.strip()):
            assert "--hash=sha256:" in block, block


def test_the_launcher_is_plain_shell() -> None:
    subprocess.run(["sh", "-n", str(ROOT / "motet")], check=True, timeout=10)
    assert (ROOT / "motet").read_text().startswith("#!/bin/sh\n")


def test_a_warm_start_calls_neither_apt_nor_uv(tmp_path: object) -> None:
    done = subprocess.run(
        ["sh", "-x", str(ROOT / "motet"), "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    commands = [line.lstrip("+ ").split(" ")[0] for line in done.stderr.splitlines() if line.startswith("+")]
    assert not {"apt-get", "dpkg-query", "uv", "sudo"} & set(commands)
