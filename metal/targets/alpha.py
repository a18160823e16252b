"""Alpha, from the 21264A on, bare: kernel and programs of a device."""

from metal.targets.target import Prologue, Target

ENTRY = """\
    .set macro
    .pushsection .text._start, "ax"
    .globl _start
    .type _start, @function
_start:
    ldgp $29, 0($27)
    mov $31, $15
    mov $31, $26
    jsr $26, metal_start
    bugchk
    .size _start, . - _start
    .popsection
    .set nomacro
"""

# The processor cannot divide. Compilers call these with the numbers in $24 and $25, the return address in $23, and
# expect the result in $27 and every other register but $28 as it was ("Division" of the calling standard).
# One bit of the quotient a turn; the numbers are made positive first, and the signs given back at the end.
DIVISION = """\
    .set noat
    .set nomacro
    .pushsection .text.division, "ax"
    .macro divide name, signed, narrow, remainder
    .balign 16
    .globl \\name
    .type \\name, @function
\\name:
    lda $30, -64($30)
    stq $0, 0($30)
    stq $1, 8($30)
    stq $2, 16($30)
    stq $3, 24($30)
    stq $24, 32($30)
    stq $25, 40($30)
    .if \\narrow
    .if \\signed
    addl $24, 0, $24
    addl $25, 0, $25
    .else
    zapnot $24, 15, $24
    zapnot $25, 15, $25
    .endif
    .endif
    .if \\signed
    .if \\remainder
    mov $24, $3
    .else
    xor $24, $25, $3
    .endif
    subq $31, $24, $28
    cmovlt $24, $28, $24
    subq $31, $25, $28
    cmovlt $25, $28, $25
    .endif
    mov $31, $27
    mov $31, $0
    lda $1, 64($31)
1:  srl $24, 63, $2
    addq $0, $0, $28
    cmplt $0, $31, $0
    or $28, $2, $28
    addq $24, $24, $24
    addq $27, $27, $27
    cmpule $25, $28, $2
    or $2, $0, $2
    beq $2, 2f
    subq $28, $25, $28
    addq $27, 1, $27
2:  mov $28, $0
    subq $1, 1, $1
    bne $1, 1b
    .if \\remainder
    mov $0, $27
    .endif
    .if \\signed
    subq $31, $27, $28
    cmovlt $3, $28, $27
    .endif
    .if \\narrow
    addl $27, 0, $27
    .endif
    ldq $0, 0($30)
    ldq $1, 8($30)
    ldq $2, 16($30)
    ldq $3, 24($30)
    ldq $24, 32($30)
    ldq $25, 40($30)
    lda $30, 64($30)
    ret $31, ($23), 1
    .size \\name, . - \\name
    .endm
    divide __divqu, 0, 0, 0
    divide __remqu, 0, 0, 1
    divide __divq, 1, 0, 0
    divide __remq, 1, 0, 1
    divide __divlu, 0, 1, 0
    divide __remlu, 0, 1, 1
    divide __divl, 1, 1, 0
    divide __reml, 1, 1, 1
    .popsection
"""

# Message words travel in $16..$21, $2 and $3, the handle in $0, the reply number in $4, the operation in $5. Registers
# that a called function keeps survive a kernel call, and so does the operation; all others are the kernel's to destroy.
# Of the floating-point registers $f2..$f9 survive, as they do a function call.
KERNEL_CALL = """\
({ u64 *words__ = (words)->w, handle__ = (handle), reply__ = (reply); \
register u64 a0__ __asm__("$16") = words__[0]; register u64 a1__ __asm__("$17") = words__[1]; \
register u64 a2__ __asm__("$18") = words__[2]; register u64 a3__ __asm__("$19") = words__[3]; \
register u64 a4__ __asm__("$20") = words__[4]; register u64 a5__ __asm__("$21") = words__[5]; \
register u64 a6__ __asm__("$2") = words__[6]; register u64 a7__ __asm__("$3") = words__[7]; \
register u64 v0__ __asm__("$0") = handle__; register u64 t3__ __asm__("$4") = reply__; \
__asm__ volatile("lda $5, " METAL_STRING(operation) "\\n\\tcallsys" \
    : "+r"(a0__), "+r"(a1__), "+r"(a2__), "+r"(a3__), "+r"(a4__), "+r"(a5__), "+r"(a6__), "+r"(a7__), \
      "+r"(v0__), "+r"(t3__) \
    : : "$1", "$5", "$6", "$7", "$8", "$22", "$23", "$24", "$25", "$27", "$28", "memory"); \
words__[0] = a0__; words__[1] = a1__; words__[2] = a2__; words__[3] = a3__; \
words__[4] = a4__; words__[5] = a5__; words__[6] = a6__; words__[7] = a7__; \
(struct Tuple_u64_u64){v0__, t3__}; })"""

TARGET = Target(
    name="alpha",
    # The compiler is made for this machine alone.
    triple="",
    compiler="alpha-linux-gnu-gcc",
    compiler_package="gcc-alpha-linux-gnu",
    # No other compiler is made for it.
    second_compiler="",
    second_compiler_package="",
    linker="alpha-linux-gnu-ld",
    linker_package="binutils-alpha-linux-gnu",
    flags=(
        "-mcpu=ev67",
        "-mbuild-constants",
        "-mieee",
        "-fno-omit-frame-pointer",
        "-fno-pic",
        "-fno-pie",
        "-fno-jump-tables",
    ),
    # The kernel leaves the floating-point registers to programs, so it is compiled as if there were none.
    kernel_flags=("-mno-fp-regs",),
    compiler_flags=(),
    second_compiler_flags=(),
    page_bytes=8192,
    frame_record=0,
    trap="table",
    trap_instruction="bugchk",
    entry=ENTRY,
    support=DIVISION,
    kernel_call=KERNEL_CALL,
    naked=False,
    emulation="elf64alpha",
    base=0x40_0000,
    shared=False,
    # lda $30, -bytes($30); stq $26, offset($30); stq $15, offset($30); mov $30, $15
    prologue=Prologue(make_room=0x23DE, save_return=0xB75E, save_frame=0xB5FE, set_frame=0x47FE_040F),
)
