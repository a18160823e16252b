"""What only kernels, drivers and runtimes need: device registers, assembly, sections, C functions, kernel calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from metal.types.memory import Array, Ptr, array
from metal.types.numbers import U8, U16, U32, U64, u8, u16, u32, u64
from metal.types.records import struct

T = TypeVar("T")
C = TypeVar("C")


@struct
class Words:
    """The words of a message that travel in registers."""

    w: Array[u64] = array(8)


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    class Reg(Generic[T]):
        """A device register: each read or write is one access of exactly this width, never split, merged or moved."""

        def read(self) -> T: ...
        def write(self, value: T, /) -> None: ...

    def at(offset: int, count: int = ..., /, *, step: int = ...) -> Any:
        """Where a register stands in its device; with a count, an `Array[Reg[T]]`, step bytes apart."""
        ...

    def mmio(device: type[T], base: u64, /) -> T:
        """The device whose registers stand at base (UNSAFE modules only)."""
        ...

    def mmio_read8(address: u64, /) -> U8: ...
    def mmio_read16(address: u64, /) -> U16: ...
    def mmio_read32(address: u64, /) -> U32: ...
    def mmio_read64(address: u64, /) -> U64: ...
    def mmio_write8(address: u64, value: u8, /) -> None: ...
    def mmio_write16(address: u64, value: u16, /) -> None: ...
    def mmio_write32(address: u64, value: u32, /) -> None: ...
    def mmio_write64(address: u64, value: u64, /) -> None: ...
    def asm(template: str, /, *operands: u64, clobber: str = ...) -> None:
        """Instructions, with operands %0, %1 ... in registers; memory counts as changed. UNSAFE modules only."""
        ...

    def asm64(template: str, /, *operands: u64, clobber: str = ...) -> U64:
        """Instructions that leave a result in %0; operands are %1, %2 ... UNSAFE modules only."""
        ...

    def kernel_call(operation: int, handle: u64, reply: u64, words: Ptr[Words], /) -> tuple[u64, u64]:
        """Enter the kernel: the words go out and come back; the result is (status or badge, reply number).

        The operation is a constant. UNSAFE modules only.
        """
        ...

    def naked(function: C, /) -> C:
        """A function without prologue or epilogue, whose body is asm() only."""
        ...

    def section(name: str, /) -> Callable[[C], C]:
        """Put a function in this section of the program."""
        ...

    def align(bytes: int, /) -> Callable[[C], C]:
        """Align a struct or a function to this many bytes."""
        ...

    def export(function: C, /) -> C:
        """Keep the function under its own bare name, for assembly, the linker or a test."""
        ...

    def noinline(function: C, /) -> C: ...
    def inline(function: C, /) -> C: ...
    def interrupt(function: C, /) -> C:
        """A function that hardware enters as an interrupt handler."""
        ...

    def foreign(function: C, /) -> C:
        """A C function that another library gives; the body is `...`. FOREIGN modules only."""
        ...

    def symbol_address(name: str, /) -> U64:
        """The address of a symbol that the linker script defines (UNSAFE modules only)."""
        ...

    def log(text: str = ..., /) -> None:
        """Write a line to the log; an f-string is formatted piece by piece, without a buffer."""
        ...

    def panic(text: str = ..., /) -> NoReturn:
        """Write a line, then stop as a failed check does."""
        ...

else:
    import sys

    class Reg(Generic[T]):
        """Device registers do not exist under CPython."""

    def at(offset, count=1, *, step=0):
        return (offset, count, step)

    def _keep(function):
        return function

    naked = export = noinline = inline = interrupt = foreign = _keep

    def section(name):
        return _keep

    def align(bytes):
        def aligned(declared):
            if isinstance(declared, type):
                declared.__metal_align__ = bytes
            return declared

        return aligned

    def mmio(device, base):
        return device

    def _refuse(name):
        def refused(*arguments, **keywords):
            raise RuntimeError(f"{name} needs the machine of a compiled program; CPython has none")

        refused.__name__ = name
        return refused

    mmio_read8, mmio_read16, mmio_read32, mmio_read64, mmio_write8, mmio_write16, mmio_write32, mmio_write64 = (
        _refuse(f"mmio_{way}{bits}") for way in ("read", "write") for bits in (8, 16, 32, 64)
    )
    asm, asm64, kernel_call, symbol_address = map(_refuse, ("asm", "asm64", "kernel_call", "symbol_address"))

    def log(text=""):
        print(text, file=sys.stderr)

    def panic(text=""):
        raise SystemExit(text)
