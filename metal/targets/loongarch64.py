"""64-bit LoongArch, bare: kernel and programs of a device."""

from metal.targets.target import Target

ENTRY = """\
    .pushsection .text._start, "ax"
    .globl _start
    .type _start, %function
_start:
    move $fp, $zero
    move $ra, $zero
    bl metal_start
    break 0x4d
    .size _start, . - _start
    .popsection
"""

# Message words travel in a0..a7, the handle in t0, the reply number in t1, the operation in t2. Callee-saved registers
# and ra survive a kernel call, and so does the operation; all others are the kernel's to destroy. Of the floating-point
# registers fs0..fs7 survive, as they do a function call.
KERNEL_CALL = """\
({ u64 *words__ = (words)->w, handle__ = (handle), reply__ = (reply); \
register u64 a0__ __asm__("$a0") = words__[0]; register u64 a1__ __asm__("$a1") = words__[1]; \
register u64 a2__ __asm__("$a2") = words__[2]; register u64 a3__ __asm__("$a3") = words__[3]; \
register u64 a4__ __asm__("$a4") = words__[4]; register u64 a5__ __asm__("$a5") = words__[5]; \
register u64 a6__ __asm__("$a6") = words__[6]; register u64 a7__ __asm__("$a7") = words__[7]; \
register u64 t0__ __asm__("$t0") = handle__; register u64 t1__ __asm__("$t1") = reply__; \
__asm__ volatile("li.w $t2, " METAL_STRING(operation) "\\n\\tsyscall 0" \
    : "+r"(a0__), "+r"(a1__), "+r"(a2__), "+r"(a3__), "+r"(a4__), "+r"(a5__), "+r"(a6__), "+r"(a7__), \
      "+r"(t0__), "+r"(t1__) \
    : : "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$t8", "memory", \
      "$f0", "$f1", "$f2", "$f3", "$f4", "$f5", "$f6", "$f7", "$f8", "$f9", "$f10", "$f11", "$f12", "$f13", "$f14", \
      "$f15", "$f16", "$f17", "$f18", "$f19", "$f20", "$f21", "$f22", "$f23", \
      "$fcc0", "$fcc1", "$fcc2", "$fcc3", "$fcc4", "$fcc5", "$fcc6", "$fcc7"); \
words__[0] = a0__; words__[1] = a1__; words__[2] = a2__; words__[3] = a3__; \
words__[4] = a4__; words__[5] = a5__; words__[6] = a6__; words__[7] = a7__; \
(struct Tuple_u64_u64){t0__, t1__}; })"""

TARGET = Target(
    name="loongarch64",
    triple="loongarch64-none-elf",
    compiler="clang-19",
    compiler_package="clang-19",
    second_compiler="",
    second_compiler_package="",
    linker="ld.lld-19",
    linker_package="lld-19",
    flags=("-march=loongarch64", "-fdirect-access-external-data", "-fno-omit-frame-pointer", "-fno-pic"),
    # The kernel leaves the floating-point registers to programs, so it is compiled as if there were none.
    kernel_flags=("-msoft-float", "-mstrict-align"),
    compiler_flags=(),
    second_compiler_flags=(),
    page_bytes=16384,
    frame_record=16,
    trap="table",
    trap_instruction="break 0x4d",
    entry=ENTRY,
    support="",
    kernel_call=KERNEL_CALL,
    naked=True,
    emulation="elf64loongarch",
    base=0x40_0000,
    shared=False,
)
