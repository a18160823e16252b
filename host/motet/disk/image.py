"""The disk itself: one partition table, one file system, and in it the file that each family's firmware looks for."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from motet.errors import ToolError

SECTOR: Final = 512
MEGABYTE: Final = 1 << 20
# What a FAT32 file system has at least: firmware takes a smaller one for an older kind.
LEAST_BYTES: Final = 36 * MEGABYTE
FIRST_SECTOR: Final = MEGABYTE // SECTOR
FOLDER: Final = "EFI/BOOT"
# The same disk for the same content: fixed names, and no time but one.
DISK_NAME: Final = "4D6F7465-7400-4000-8000-000000000001"
PARTITION_NAME: Final = "4D6F7465-7400-4000-8000-000000000002"
VOLUME_NAME: Final = "4D6F7465"
EPOCH: Final = "315619200"  # 1980-01-02, the first day that FAT can tell in every zone


def write_disk(files: dict[str, bytes], disk: Path) -> None:
    """Writes the disk; `files` are those of EFI/BOOT by their names."""
    content = sum(len(data) for data in files.values())
    size = max(LEAST_BYTES, content + content // 64 + MEGABYTE)
    size = (size + MEGABYTE - 1) // MEGABYTE * MEGABYTE
    with tempfile.TemporaryDirectory(dir=disk.parent) as place:
        work = Path(place)
        volume = work / "volume"
        volume.write_bytes(b"")
        os.truncate(volume, size)
        use("mformat", "-i", volume, "-F", "-N", VOLUME_NAME, "-v", "MOTET", "::")
        for folder in ("EFI", FOLDER):
            use("mmd", "-i", volume, f"::{folder}")
        for name, data in sorted(files.items()):
            (work / name).write_bytes(data)
            os.utime(work / name, (int(EPOCH), int(EPOCH)))
            use("mcopy", "-m", "-i", volume, work / name, f"::{FOLDER}/{name}")
        whole = work / "disk"
        whole.write_bytes(b"")
        os.truncate(whole, size + 2 * MEGABYTE)
        last = FIRST_SECTOR + size // SECTOR - 1
        use(
            "sgdisk", "--clear", "--set-alignment=1", f"--disk-guid={DISK_NAME}",
            f"--new=1:{FIRST_SECTOR}:{last}", "--typecode=1:ef00", "--change-name=1:Motet",
            f"--partition-guid=1:{PARTITION_NAME}", whole,
        )  # fmt: skip
        with whole.open("r+b") as file:
            file.seek(FIRST_SECTOR * SECTOR)
            file.write(volume.read_bytes())
        whole.replace(disk)


# Where tools of administrators are, which not everybody looks into.
SYSTEM_PATH: Final = "/usr/sbin:/sbin"
PACKAGES: Final = {"mformat": "mtools", "mmd": "mtools", "mcopy": "mtools", "sgdisk": "gdisk"}


def use(program: str, *arguments: object) -> None:
    """Runs one of the disk tools."""
    path = shutil.which(program) or shutil.which(program, path=SYSTEM_PATH)
    if path is None:
        raise ToolError(f"{program} is not installed", cure=f"apt install {PACKAGES[program]}")
    settings = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "TZ": "UTC", "MTOOLS_SKIP_CHECK": "1"}
    done = subprocess.run([path, *map(str, arguments)], capture_output=True, text=True, env=settings, check=False)
    if done.returncode != 0:
        raise ToolError(f"{program} failed: {(done.stderr or done.stdout).strip()}")
