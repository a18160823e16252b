"""What a program was started with: texts, as the shell's person or the image wrote them."""

from __future__ import annotations

from typing import Final

from abi.start import ArgumentGrant
from metal import U64, as_text, ptr_at, size_of, slice_at, struct, u8, u64
from system.runtime.program import program, start_record

UNSAFE: Final = True


@struct
class Arguments:
    """The arguments of `main`, numbered from 0; the program's own name is not one of them."""

    unused: u64 = 0

    def count(self) -> u64:
        """How many there are."""
        return U64(start_record().argument_count)

    def text(self, index: u64) -> str:
        """One of them; an index beyond the count is the caller's mistake and traps."""
        record = start_record()
        assert index < U64(record.argument_count)
        grant = ptr_at(ArgumentGrant, program.argument + record.arguments + index * size_of(ArgumentGrant))
        return as_text(slice_at(u8, program.argument + grant.offset, grant.bytes_used))
