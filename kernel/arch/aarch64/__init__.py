"""The port to 64-bit ARM: what `kernel/arch/contract.py` asks for, under one name."""

from typing import Final

from kernel.arch.aarch64.cpu import REGISTERS as REGISTERS
from kernel.arch.aarch64.cpu import FaultKind as FaultKind
from kernel.arch.aarch64.cpu import enter as enter

NAME: Final = "aarch64"
