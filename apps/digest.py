"""The SHA-256 and the CRC-32 of a text: `digest some words`."""

from metal import Array, array, u8
from metal.library.crc import crc32
from metal.library.sha256 import Sha256
from system.app import Arguments

sum_of_all: Sha256 = Sha256()


def main(arguments: Arguments) -> u8:
    """Words count with one space between them, as if they were one text."""
    if arguments.count() == 0:
        print("say which text: digest WORDS")
        return 1
    check = crc32(b"")
    sum_of_all.start()
    for index in range(arguments.count()):
        if index > 0:
            sum_of_all.update(b" ")
            check = crc32(b" ", check)
        sum_of_all.update(arguments.text(index).encode())
        check = crc32(arguments.text(index).encode(), check)
    bytes_of_sum: Array[u8] = array(32)
    sum_of_all.finish(bytes_of_sum)
    for byte in bytes_of_sum:
        print(f"{byte:02x}", end="")
    print(f"  crc32 {check:08x}")
    return 0
