"""64-bit MIPS, little endian, second release and later up to the fifth, bare: kernel and programs of a device."""

from metal.targets.target import Prologue, Target

ENTRY = """\
    .pushsection .text._start, "ax"
    .globl _start
    .type _start, %function
_start:
    move $30, $0
    move $31, $0
    jal metal_start
    nop
    break
    .size _start, . - _start
    .popsection
"""

# Message words travel in $4..$11 (a0..a7), the handle in $12, the reply number in $13, the operation in $14. Registers
# that a called function keeps survive a kernel call, and so does the operation; all others are the kernel's to destroy.
# Of the floating-point registers $f24..$f31 survive, as they do a function call.
KERNEL_CALL = """\
({ u64 *words__ = (words)->w, handle__ = (handle), reply__ = (reply); \
register u64 a0__ __asm__("$4") = words__[0]; register u64 a1__ __asm__("$5") = words__[1]; \
register u64 a2__ __asm__("$6") = words__[2]; register u64 a3__ __asm__("$7") = words__[3]; \
register u64 a4__ __asm__("$8") = words__[4]; register u64 a5__ __asm__("$9") = words__[5]; \
register u64 a6__ __asm__("$10") = words__[6]; register u64 a7__ __asm__("$11") = words__[7]; \
register u64 t0__ __asm__("$12") = handle__; register u64 t1__ __asm__("$13") = reply__; \
__asm__ volatile(".set push\\n\\t.set noreorder\\n\\tli $14, " METAL_STRING(operation) "\\n\\tsyscall\\n\\t.set pop" \
    : "+r"(a0__), "+r"(a1__), "+r"(a2__), "+r"(a3__), "+r"(a4__), "+r"(a5__), "+r"(a6__), "+r"(a7__), \
      "+r"(t0__), "+r"(t1__) \
    : : "$1", "$2", "$3", "$14", "$15", "$24", "$25", "hi", "lo", "memory", \
      "$f0", "$f1", "$f2", "$f3", "$f4", "$f5", "$f6", "$f7", "$f8", "$f9", "$f10", "$f11", \
      "$f12", "$f13", "$f14", "$f15", "$f16", "$f17", "$f18", "$f19", "$f20", "$f21", "$f22", "$f23"); \
words__[0] = a0__; words__[1] = a1__; words__[2] = a2__; words__[3] = a3__; \
words__[4] = a4__; words__[5] = a5__; words__[6] = a6__; words__[7] = a7__; \
(struct Tuple_u64_u64){t0__, t1__}; })"""

TARGET = Target(
    name="mips64",
    triple="mips64el-none-elf",
    compiler="clang-19",
    compiler_package="clang-19",
    second_compiler="mips64el-linux-gnuabi64-gcc",
    second_compiler_package="gcc-mips64el-linux-gnuabi64",
    linker="ld.lld-19",
    linker_package="lld-19",
    flags=(
        "-march=mips64r2",
        "-mabi=64",
        "-mno-abicalls",
        "-G0",
        "-fno-omit-frame-pointer",
        "-fno-pic",
    ),
    # The kernel leaves the floating-point registers to programs, so it is compiled as if there were none.
    kernel_flags=("-msoft-float",),
    # Programs and the kernel lie where 32 bits, sign-extended, reach every symbol; clang has that too ("sym32"), but
    # then cannot assemble the calls of memset that it makes itself.
    compiler_flags=(),
    second_compiler_flags=(
        "-msym32",
        "-mno-check-zero-division",
        "-fstack-clash-protection",
        "--param=stack-clash-protection-guard-size=12",
    ),
    page_bytes=4096,
    frame_record=0,
    trap="table",
    trap_instruction="break",
    entry=ENTRY,
    support="",
    kernel_call=KERNEL_CALL,
    naked=False,
    emulation="elf64ltsmip",
    base=0x40_0000,
    shared=False,
    # daddiu $29, $29, -bytes; sd $31, offset($29); sd $30, offset($29); move $30, $29
    prologue=Prologue(make_room=0x67BD, save_return=0xFFBF, save_frame=0xFFBE, set_frame=0x03A0_F025),
)
