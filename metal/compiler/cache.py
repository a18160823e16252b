"""Results kept by content: what was compiled once from the same inputs by the same tools is not compiled again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
# More finished results than this are thinned out, the least recently used first.
KEPT = 300
IN_USE_SECONDS = 3600
# A request (a program, its target and options) remembers this many versions of its sources.
VERSIONS = 8


def digest(*parts: object) -> str:
    """One hash of all parts, each delimited, so that moving a character between two parts changes it."""
    total = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        total.update(len(data).to_bytes(8, "little"))
        total.update(data)
    return total.hexdigest()[:40]


@lru_cache(maxsize=1)
def compiler_digest() -> str:
    """A hash of the compiler's own source: another compiler makes other results."""
    folders = [REPOSITORY / "metal" / name for name in ("compiler", "targets", "types")]
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".h", ".c"))
    return digest(*(part for file in files for part in (file.relative_to(REPOSITORY), file.read_bytes())))


@lru_cache(maxsize=4096)
def _file_digest(path: str, modified: int, size: int) -> str:
    return digest(Path(path).read_bytes())


def file_digest(path: Path) -> str | None:
    """A hash of one file's content, or None when it cannot be read."""
    try:
        state = path.stat()
        return _file_digest(str(path), state.st_mtime_ns, state.st_size)
    except OSError:
        return None


@dataclass(frozen=True)
class Recalled:
    """A finished result, and the files it was made of."""

    folder: Path
    inputs: tuple[Path, ...]


class Cache:
    """A folder of finished results, safe for several processes at once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or REPOSITORY / ".motet" / "cache" / "metal"
        self.requests = self.folder / "requests"
        self.results = self.folder / "results"

    def recall(self, request: str) -> Recalled | None:
        """The result that this request had the last time its inputs were as they are now."""
        for version in self._versions(request):
            inputs: dict[str, str] = version["inputs"]
            if all(file_digest(Path(path)) == wanted for path, wanted in inputs.items()):
                folder = self.result(version["result"])
                return None if folder is None else Recalled(folder, tuple(map(Path, inputs)))
        return None

    def remember(self, request: str, inputs: Iterable[Path], result: str) -> None:
        """Note which result the request has while its inputs are as they are now."""
        now = {str(path): file_digest(path) or "" for path in inputs}
        older = [version for version in self._versions(request) if version["inputs"] != now]
        versions = [{"inputs": now, "result": result}, *older][:VERSIONS]
        self.requests.mkdir(parents=True, exist_ok=True)
        temporary = self.requests / f"{request}.{os.getpid()}"
        temporary.write_text(json.dumps(versions))
        temporary.replace(self.requests / f"{request}.json")

    def result(self, key: str) -> Path | None:
        """The folder of a finished result, marked as used now."""
        folder = self.results / key
        if not folder.is_dir():
            return None
        with contextlib.suppress(OSError):
            os.utime(folder)
        return folder

    def produce(self, key: str, make: Callable[[Path], None]) -> Path:
        """The folder of a result: the kept one, or a new one that `make` fills and that appears only when complete."""
        found = self.result(key)
        if found is not None:
            return found
        self.results.mkdir(parents=True, exist_ok=True)
        folder = self.results / key
        temporary = Path(tempfile.mkdtemp(prefix=f".{key[:12]}-", dir=self.results))
        try:
            make(temporary)
            try:
                temporary.rename(folder)
            except OSError:
                # Another process was first with the same content.
                shutil.rmtree(temporary, ignore_errors=True)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        self._thin_out()
        return folder

    def _versions(self, request: str) -> list[dict[str, Any]]:
        try:
            versions: list[dict[str, Any]] = json.loads((self.requests / f"{request}.json").read_text())
        except (OSError, ValueError):
            return []
        return versions

    def _thin_out(self) -> None:
        folders = [folder for folder in self.results.iterdir() if not folder.name.startswith(".")]
        if len(folders) <= KEPT:
            return
        with contextlib.suppress(OSError):
            folders.sort(key=lambda folder: folder.stat().st_mtime)
            for folder in folders[: len(folders) - KEPT * 3 // 4]:
                # What was used lately another process may be about to read.
                if time.time() - folder.stat().st_mtime > IN_USE_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)
