"""Makes `.motet/venv` from the locks: run by the launcher under the system's own Python, so it needs nothing installed.

pip installs uv (its hash is locked), uv installs the packages (all their hashes are locked). Where packages come from
is this machine's own affair: pip reads its configuration itself, and what it says is handed to uv.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".motet"
VENV = STATE / "venv"
LOCKS = ROOT / "host" / "locks"

# What pip calls a setting, and the variable by which uv is told the same.
UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "no-index": "UV_NO_INDEX",
}


class SetupError(Exception):
    """A step of the set-up failed; the text says which and what to do."""


def say(text: str) -> None:
    """Tells the person at the terminal what is being done."""
    print(f"motet: {text}", file=sys.stderr, flush=True)


def run(step: str, command: list[str], environment: dict[str, str] | None = None) -> None:
    """Runs one step quietly; its output goes to a log, which is shown when it fails."""
    log = STATE / "setup.log"
    with log.open("a", encoding="utf-8") as output:
        output.write(f"\n$ {' '.join(command)}\n")
        output.flush()
        failed = subprocess.run(command, stdout=output, stderr=output, env=environment, check=False).returncode != 0
    if failed:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        raise SetupError(f"{step} failed. The end of {log}:\n  " + "\n  ".join(tail))


def settings_for_uv(listing: str) -> dict[str, str]:
    """Translates `pip config list` (lines such as `global.index-url='…'`) into uv's environment variables."""
    found: dict[str, str] = {}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        scope, _, setting = name.strip().partition(".")
        variable = UV_VARIABLES.get(setting)
        text = value.strip()[1:-1].replace("\\n", " ").strip()
        # pip lets the environment (`:env:`) override every file, and `install` override `global`.
        if variable is not None and text and (variable not in found or scope in ("install", ":env:")):
            separator = "," if variable == "UV_FIND_LINKS" else " "
            found[variable] = separator.join(text.split())
    return found


def packages_environment(python: Path) -> dict[str, str]:
    """The environment uv runs in: this machine's pip settings, unless uv has its own."""
    listing = subprocess.run([str(python), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    environment = dict(os.environ)
    for variable, value in settings_for_uv(listing.stdout).items():
        environment.setdefault(variable, value)
    # pip takes a package from whichever index has the version; that is safe because the hash decides.
    environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


def make_environment() -> None:
    """Brings `.motet/venv` to exactly what the locks say."""
    python = VENV / "bin" / "python"
    works = python.exists() and subprocess.run([str(python), "-c", "import pip"], check=False).returncode == 0
    if not works:
        say("making a Python environment in .motet/venv")
        run("making the Python environment", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    say("installing the Python packages of host/locks (hashes are checked)")
    run(
        "installing uv",
        [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCKS / "uv.txt")],
    )
    sync = [str(VENV / "bin" / "uv"), "pip", "sync", "--require-hashes", "--python", str(python)]
    run("installing the Python packages", [*sync, str(LOCKS / "packages.txt")], packages_environment(python))
    add_tree_to_path()


def add_tree_to_path() -> None:
    """Lets this environment, and an editor that uses it, import the tree wherever it lies."""
    for site in VENV.glob("lib/python3*/site-packages"):
        up = os.path.relpath(ROOT, site)
        (site / "motet.pth").write_text(f"{up}\n{up}/host\n", encoding="utf-8")


def main() -> int:
    """Sets up once, even when two commands start at the same moment."""
    STATE.mkdir(exist_ok=True)
    if sys.version_info < (3, 11):  # noqa: UP036  # the launcher may find any Python
        say(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}")
        return 1
    with (STATE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            make_environment()
        except (SetupError, OSError) as problem:
            say(f"the set-up stopped: {problem}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
