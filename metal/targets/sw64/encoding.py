"""From the instructions of Alpha to those of SW64: the same registers and formats in other numbers, a word for a word.

What stands in one word of an instruction of the one has its place in one word of the other, so that a linked program
keeps every address: branches, tables and debugging information hold as they are. Where SW64 needs several instructions
for one, `assembly.py` has written them out before; those that Alpha has not travel in an opcode that no compiler uses.

Numbers of Alpha are those of the "Alpha Architecture Reference Manual", fourth edition, appendix C; those of SW64 (the
third core) are what the decoder of its public emulator takes.
"""

from __future__ import annotations

from typing import Final

WORD: Final = 0xFFFF_FFFF
OPCODE_SHIFT: Final = 26
FIRST_SHIFT: Final = 21  # the registers ra, rb and rc
SECOND_SHIFT: Final = 16
REGISTER: Final = 31
OFFSET: Final = 0xFFFF
REGISTERS: Final = 0x3FF_0000  # ra and rb
LITERAL: Final = 1 << 12
LITERAL_BITS: Final = 0x1F_E000
LITERAL_STEP: Final = 2  # from the opcode with a register for the second operand to that with a literal
FUNCTION_SHIFT: Final = 5
THIRD_SHIFT: Final = 5
CHOICE_SHIFT: Final = 10

# Opcodes of SW64.
CALL, RETURN, JUMP, MISCELLANEOUS, LOCKED, INTEGER, CHOICE, FLOATING, FLOATING_CHOICE = (
    0x01, 0x02, 0x03, 0x06, 0x08, 0x10, 0x11, 0x18, 0x19
)  # fmt: skip
SYSTEM_CALL: Final = 1 << 25
NOTHING: Final = 0x43FF_075F  # bis $31, $31, $31

# Opcodes of Alpha that stand for whole groups; CARRIER is reserved for PALcode, which no program contains.
CALL_PAL, JUMPS, CARRIER = 0x00, 0x1A, 0x19

SAME_FORMAT: Final = {
    # Memory: lda, ldah, ldbu, ldq_u, ldwu, stw, stb, stq_u, lds, ldt, sts, stt, ldl, ldq, stl, stq.
    0x08: 0x3E, 0x09: 0x3F, 0x0A: 0x20, 0x0B: 0x24, 0x0C: 0x21, 0x0D: 0x29, 0x0E: 0x28, 0x0F: 0x2C,
    0x22: 0x26, 0x23: 0x27, 0x26: 0x2E, 0x27: 0x2F, 0x28: 0x22, 0x29: 0x23, 0x2C: 0x2A, 0x2D: 0x2B,
    # Branches: br, fbeq, fblt, fble, bsr, fbne, fbge, fbgt, blbc, beq, blt, ble, blbs, bne, bge, bgt.
    0x30: 0x04, 0x31: 0x38, 0x32: 0x3A, 0x33: 0x3B, 0x34: 0x05, 0x35: 0x39, 0x36: 0x3D, 0x37: 0x3C,
    0x38: 0x36, 0x39: 0x30, 0x3A: 0x32, 0x3B: 0x33, 0x3C: 0x37, 0x3D: 0x31, 0x3E: 0x35, 0x3F: 0x34,
    CARRIER: MISCELLANEOUS,
}  # fmt: skip

# ldl_l, ldq_l, stl_c, stq_c: as functions of LOCKED, with 12 bits of offset.
EXCLUSIVE: Final = {0x2A: 0x0, 0x2B: 0x1, 0x2E: 0x8, 0x2F: 0x9}
EXCLUSIVE_SHIFT: Final = 12
EXCLUSIVE_LIMIT: Final = 1 << 11

# jmp, jsr, ret, by the two bits behind the registers.
JUMP_KINDS: Final = {0: JUMP, 1: CALL, 2: RETURN}
JUMP_SHIFT: Final = 14

OPERATIONS: Final = {
    # addl, s4addl, subl, s4subl, s8addl, s8subl, addq, s4addq, subq, s4subq, s8addq, s8subq.
    (0x10, 0x00): 0x00, (0x10, 0x02): 0x02, (0x10, 0x09): 0x01, (0x10, 0x0B): 0x03, (0x10, 0x12): 0x04,
    (0x10, 0x1B): 0x05, (0x10, 0x20): 0x08, (0x10, 0x22): 0x0A, (0x10, 0x29): 0x09, (0x10, 0x2B): 0x0B,
    (0x10, 0x32): 0x0C, (0x10, 0x3B): 0x0D,
    # cmpbge, cmpult, cmpeq, cmpule, cmplt, cmple.
    (0x10, 0x0F): 0x6C, (0x10, 0x1D): 0x2B, (0x10, 0x2D): 0x28, (0x10, 0x3D): 0x2C, (0x10, 0x4D): 0x29,
    (0x10, 0x6D): 0x2A,
    # and, bic, bis, ornot, xor, eqv.
    (0x11, 0x00): 0x38, (0x11, 0x08): 0x39, (0x11, 0x20): 0x3A, (0x11, 0x28): 0x3B, (0x11, 0x40): 0x3C,
    (0x11, 0x48): 0x3D,
    # Bytes and shifts: msk, ext and ins, low and high, of 1, 2, 4 and 8 bytes; zap, zapnot; srl, sll, sra.
    (0x12, 0x02): 0x60, (0x12, 0x12): 0x61, (0x12, 0x22): 0x62, (0x12, 0x32): 0x63,
    (0x12, 0x52): 0x65, (0x12, 0x62): 0x66, (0x12, 0x72): 0x67,
    (0x12, 0x06): 0x50, (0x12, 0x16): 0x51, (0x12, 0x26): 0x52, (0x12, 0x36): 0x53,
    (0x12, 0x5A): 0x55, (0x12, 0x6A): 0x56, (0x12, 0x7A): 0x57,
    (0x12, 0x0B): 0x40, (0x12, 0x1B): 0x41, (0x12, 0x2B): 0x42, (0x12, 0x3B): 0x43,
    (0x12, 0x57): 0x45, (0x12, 0x67): 0x46, (0x12, 0x77): 0x47,
    (0x12, 0x30): 0x68, (0x12, 0x31): 0x69, (0x12, 0x34): 0x49, (0x12, 0x39): 0x48, (0x12, 0x3C): 0x4A,
    # mull, mulq, umulh.
    (0x13, 0x00): 0x10, (0x13, 0x20): 0x18, (0x13, 0x30): 0x19,
    # sextb, sextw, ctpop, ctlz, cttz; ftoit and ftois, which read a floating-point register.
    (0x1C, 0x00): 0x6A, (0x1C, 0x01): 0x6B, (0x1C, 0x30): 0x58, (0x1C, 0x32): 0x59, (0x1C, 0x33): 0x5A,
    (0x1C, 0x70): 0x78, (0x1C, 0x78): 0x70,
}  # fmt: skip

CHOICES: Final = {
    # cmovlbs, cmovlbc, cmoveq, cmovne, cmovlt, cmovge, cmovle, cmovgt; fcmoveq, ne, lt, ge, le, gt.
    (0x11, 0x14): 7, (0x11, 0x16): 6, (0x11, 0x24): 0, (0x11, 0x26): 5, (0x11, 0x44): 4, (0x11, 0x46): 1,
    (0x11, 0x64): 3, (0x11, 0x66): 2,
    (0x17, 0x2A): 0x10, (0x17, 0x2B): 0x11, (0x17, 0x2C): 0x12, (0x17, 0x2D): 0x15, (0x17, 0x2E): 0x13,
    (0x17, 0x2F): 0x14,
}  # fmt: skip

# What is the same for every way to round and to trap: itofs, itoft; cpys, cpysn, cpyse, mt_fpcr, mf_fpcr, cvtlq, cvtql.
COPIES: Final = {
    (0x14, 0x04): 0x40, (0x14, 0x24): 0x41,
    (0x17, 0x20): 0x30, (0x17, 0x21): 0x32, (0x17, 0x22): 0x31, (0x17, 0x24): 0x51, (0x17, 0x25): 0x50,
    (0x17, 0x10): 0x28, (0x17, 0x30): 0x29,
}  # fmt: skip

# IEEE arithmetic by the low six bits: adds, subs, muls, divs, addt, subt, mult, divt; cmptun, cmpteq, cmptlt, cmptle;
# cvtts, cvtqs, cvtqt; and of another opcode sqrts, sqrtt. The rounding of SW64 is that of its control register, which
# "normal" and "dynamic" (2 and 3 above the six bits) are too, as no program changes it.
IEEE, ROOTS = 0x16, 0x14
ARITHMETIC: Final = {
    (IEEE, 0x00): 0x00, (IEEE, 0x01): 0x02, (IEEE, 0x02): 0x04, (IEEE, 0x03): 0x06,
    (IEEE, 0x20): 0x01, (IEEE, 0x21): 0x03, (IEEE, 0x22): 0x05, (IEEE, 0x23): 0x07,
    (IEEE, 0x24): 0x13, (IEEE, 0x25): 0x10, (IEEE, 0x26): 0x12, (IEEE, 0x27): 0x11,
    (IEEE, 0x2C): 0x21, (IEEE, 0x3C): 0x2D, (IEEE, 0x3E): 0x2F,
    (ROOTS, 0x0B): 0x08, (ROOTS, 0x2B): 0x09,
}  # fmt: skip
ROUNDING_SHIFT: Final = 6
ROUNDINGS: Final = (2, 3)
# cvtst, whose other bits tell it from cvtts; cvttq, which has a way of rounding of its own: towards zero, as it is set.
TO_DOUBLE, TO_DOUBLE_FUNCTIONS = 0x20, (0x2AC, 0x6AC)
TO_INTEGER: Final = 0x2F
TO_INTEGER_ROUNDINGS: Final = {0: 0x24, 2: 0x27, 3: 0x27}

# Memory barriers, the cycle counter, and hints that ask for nothing, by the low 16 bits.
HINTS: Final = 0x18
BARRIERS: Final = (0x4000, 0x4400)
COUNTER, COUNTER_FUNCTION = 0xC000, 0x0020
NO_EFFECT: Final = (0x0000, 0x0400, 0x8000, 0xA000, 0xE800, 0xF800)


class UntranslatableError(Exception):
    """An instruction of Alpha that has no counterpart; its text says which, and where."""


def encode(word: int) -> int:
    """The instruction of SW64 that does what this one of Alpha does."""
    opcode, function = word >> OPCODE_SHIFT, word >> FUNCTION_SHIFT & 0x7FF
    if opcode in SAME_FORMAT:
        return SAME_FORMAT[opcode] << OPCODE_SHIFT | word & WORD >> 6
    if opcode == CALL_PAL:
        return SYSTEM_CALL | word
    if opcode == JUMPS and word >> JUMP_SHIFT & 3 in JUMP_KINDS:
        return JUMP_KINDS[word >> JUMP_SHIFT & 3] << OPCODE_SHIFT | word & REGISTERS
    if opcode in EXCLUSIVE:
        return exclusive(word, EXCLUSIVE[opcode])
    if opcode == HINTS:
        return hint(word)
    if opcode in (0x10, 0x11, 0x12, 0x13, 0x1C):
        return integer(word, opcode, function & 0x7F)
    return floating(word, opcode, function)


def exclusive(word: int, function: int) -> int:
    """A load or a store of a pair that nobody comes between."""
    offset = (word & OFFSET ^ 0x8000) - 0x8000
    if not -EXCLUSIVE_LIMIT <= offset < EXCLUSIVE_LIMIT:
        raise UntranslatableError(f"{word:#010x}: the offset {offset} of an exclusive access is too large")
    low = offset & (2 * EXCLUSIVE_LIMIT - 1)
    return LOCKED << OPCODE_SHIFT | word & REGISTERS | function << EXCLUSIVE_SHIFT | low


def hint(word: int) -> int:
    """Barriers and hints."""
    kind = word & OFFSET
    if kind in BARRIERS:
        return MISCELLANEOUS << OPCODE_SHIFT
    if kind == COUNTER:
        first = word & REGISTER << FIRST_SHIFT
        return MISCELLANEOUS << OPCODE_SHIFT | first | REGISTER << SECOND_SHIFT | COUNTER_FUNCTION
    if kind in NO_EFFECT:
        return NOTHING
    raise UntranslatableError(f"{word:#010x}: a miscellaneous instruction without a counterpart")


def integer(word: int, opcode: int, function: int) -> int:
    """An operation on integers, whose second operand is a register or a literal."""
    step = LITERAL_STEP if word & LITERAL else 0
    operands = word & REGISTER << FIRST_SHIFT | word & (LITERAL_BITS if step else REGISTER << SECOND_SHIFT)
    result = word & REGISTER
    if (opcode, function) in CHOICES:
        # What is not chosen is a third operand: the register that keeps its value.
        choice = CHOICES[opcode, function] << CHOICE_SHIFT | result << THIRD_SHIFT
        return (CHOICE + step) << OPCODE_SHIFT | operands | choice | result
    if (opcode, function) not in OPERATIONS:
        raise UntranslatableError(f"{word:#010x}: an operation on integers without a counterpart")
    return (INTEGER + step) << OPCODE_SHIFT | operands | OPERATIONS[opcode, function] << FUNCTION_SHIFT | result


def floating(word: int, opcode: int, function: int) -> int:
    """An operation on floating-point registers."""
    registers, result = word & REGISTERS, word & REGISTER
    if (opcode, function) in CHOICES:
        choice = CHOICES[opcode, function] << CHOICE_SHIFT | result << THIRD_SHIFT
        return FLOATING_CHOICE << OPCODE_SHIFT | registers | choice | result
    return FLOATING << OPCODE_SHIFT | registers | floating_function(word, opcode, function) << FUNCTION_SHIFT | result


def floating_function(word: int, opcode: int, function: int) -> int:
    """Which of SW64's operations on two floating-point registers this is."""
    if (opcode, function) in COPIES:
        return COPIES[opcode, function]
    kind, rounding = function & 0x3F, function >> ROUNDING_SHIFT & 3
    if opcode == IEEE and function in TO_DOUBLE_FUNCTIONS:
        return TO_DOUBLE
    if opcode == IEEE and kind == TO_INTEGER and rounding in TO_INTEGER_ROUNDINGS:
        return TO_INTEGER_ROUNDINGS[rounding]
    if (opcode, kind) in ARITHMETIC and rounding in ROUNDINGS:
        return ARITHMETIC[opcode, kind]
    raise UntranslatableError(f"{word:#010x}: an operation on floating-point numbers without a counterpart")
