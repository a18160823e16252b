"""Takes random bytes from the driver of the entropy device, and says what came and how many interrupts that took."""

from typing import Final

from abi.services.rng import Rng
from metal import Array, array, u8, u32, u64
from system.app import CallError, connect

WANTED: Final = 16384
CHUNK: Final = 1000

chunk: Array[u8] = array(CHUNK)
seen: Array[u32] = array(256)


def main() -> u8:
    """Counts how often each byte comes among many, so that a host program can tell whether they look random."""
    rng = connect(Rng, "rng")
    if isinstance(rng, CallError):
        return 1
    before = rng.interrupts()
    total: u64 = 0
    while total < WANTED:
        count = rng.read(chunk)
        if isinstance(count, CallError):
            print(f"no bytes: {count}")
            return 2
        for index in range(count):
            seen[chunk[index]] += 1
        total += count
    after = rng.interrupts()
    if isinstance(before, CallError) or isinstance(after, CallError):
        return 3
    most: u32 = 0
    missing: u32 = 0
    for times in seen:
        if times > most:
            most = times
        if times == 0:
            missing += 1
    print(f"bytes {total} interrupts {after - before} most {most} missing {missing}")
    return 0
