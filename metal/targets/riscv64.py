"""64-bit RISC-V, bare: kernel and programs of a device."""

from metal.targets.target import Target

ENTRY = """\
    .pushsection .text._start, "ax"
    .globl _start
    .type _start, %function
_start:
    li s0, 0
    li ra, 0
    call metal_start
    ebreak
    .size _start, . - _start
    .popsection
"""

# Message words travel in a0..a7, the handle in t0, the reply number in t1, the operation in t2. Callee-saved registers
# and ra survive a kernel call, and so does the operation; all others are the kernel's to destroy. Of the floating-point
# registers fs0..fs11 survive, as they do a function call.
KERNEL_CALL = """\
({ u64 *words__ = (words)->w, handle__ = (handle), reply__ = (reply); \
register u64 a0__ __asm__("a0") = words__[0]; register u64 a1__ __asm__("a1") = words__[1]; \
register u64 a2__ __asm__("a2") = words__[2]; register u64 a3__ __asm__("a3") = words__[3]; \
register u64 a4__ __asm__("a4") = words__[4]; register u64 a5__ __asm__("a5") = words__[5]; \
register u64 a6__ __asm__("a6") = words__[6]; register u64 a7__ __asm__("a7") = words__[7]; \
register u64 t0__ __asm__("t0") = handle__; register u64 t1__ __asm__("t1") = reply__; \
__asm__ volatile("li t2, " METAL_STRING(operation) "\\n\\tecall" \
    : "+r"(a0__), "+r"(a1__), "+r"(a2__), "+r"(a3__), "+r"(a4__), "+r"(a5__), "+r"(a6__), "+r"(a7__), \
      "+r"(t0__), "+r"(t1__) \
    : : "t2", "t3", "t4", "t5", "t6", "memory", \
      "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "ft8", "ft9", "ft10", "ft11", \
      "fa0", "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7"); \
words__[0] = a0__; words__[1] = a1__; words__[2] = a2__; words__[3] = a3__; \
words__[4] = a4__; words__[5] = a5__; words__[6] = a6__; words__[7] = a7__; \
(struct Tuple_u64_u64){t0__, t1__}; })"""

TARGET = Target(
    name="riscv64",
    triple="riscv64-none-elf",
    compiler="clang-19",
    compiler_package="clang-19",
    second_compiler="riscv64-linux-gnu-gcc",
    second_compiler_package="gcc-riscv64-linux-gnu",
    linker="ld.lld-19",
    linker_package="lld-19",
    flags=(
        "-march=rv64gc",
        "-mabi=lp64d",
        "-mcmodel=medany",
        "-mno-relax",
        "-msmall-data-limit=0",
        "-fno-omit-frame-pointer",
        "-fno-pic",
    ),
    # The kernel leaves the floating-point registers to programs, so it is compiled as if there were none.
    kernel_flags=("-march=rv64imac_zicsr_zifencei", "-mabi=lp64", "-mstrict-align"),
    compiler_flags=(),
    second_compiler_flags=("-fstack-clash-protection", "--param=stack-clash-protection-guard-size=12"),
    page_bytes=4096,
    frame_record=16,
    trap="table",
    trap_instruction="ebreak",
    entry=ENTRY,
    support="",
    kernel_call=KERNEL_CALL,
    naked=True,
    emulation="elf64lriscv",
    base=0x40_0000,
    shared=False,
)
