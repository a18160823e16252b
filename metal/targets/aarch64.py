"""64-bit ARM, bare: kernel and programs of a device."""

from metal.targets.target import Target

ENTRY = """\
    .pushsection .text._start, "ax"
    .globl _start
    .type _start, %function
_start:
    mov x29, xzr
    mov x30, xzr
    bl metal_start
    brk #0x4d
    .size _start, . - _start
    .popsection
"""

# Message words travel in x0..x7, the handle in x11, the reply number in x13. Callee-saved registers survive a
# kernel call as they survive a function call; all others are the kernel's to destroy. Of v8..v15 only the lower halves
# survive, which a clobber list cannot say, so they are named whole.
KERNEL_CALL = """\
({ u64 *words__ = (words)->w, handle__ = (handle), reply__ = (reply); \
register u64 x0__ __asm__("x0") = words__[0]; register u64 x1__ __asm__("x1") = words__[1]; \
register u64 x2__ __asm__("x2") = words__[2]; register u64 x3__ __asm__("x3") = words__[3]; \
register u64 x4__ __asm__("x4") = words__[4]; register u64 x5__ __asm__("x5") = words__[5]; \
register u64 x6__ __asm__("x6") = words__[6]; register u64 x7__ __asm__("x7") = words__[7]; \
register u64 x11__ __asm__("x11") = handle__; register u64 x13__ __asm__("x13") = reply__; \
__asm__ volatile("svc #" METAL_STRING(operation) \
    : "+r"(x0__), "+r"(x1__), "+r"(x2__), "+r"(x3__), "+r"(x4__), "+r"(x5__), "+r"(x6__), "+r"(x7__), \
      "+r"(x11__), "+r"(x13__) \
    : : "x8", "x9", "x10", "x12", "x14", "x15", "x16", "x17", "x18", "memory", "cc", \
      "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", \
      "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31"); \
words__[0] = x0__; words__[1] = x1__; words__[2] = x2__; words__[3] = x3__; \
words__[4] = x4__; words__[5] = x5__; words__[6] = x6__; words__[7] = x7__; \
(struct Tuple_u64_u64){x11__, x13__}; })"""

TARGET = Target(
    name="aarch64",
    triple="aarch64-none-elf",
    compiler="clang-19",
    compiler_package="clang-19",
    second_compiler="aarch64-linux-gnu-gcc",
    second_compiler_package="gcc-aarch64-linux-gnu",
    linker="ld.lld-19",
    linker_package="lld-19",
    flags=("-march=armv8-a", "-mno-outline-atomics", "-fno-omit-frame-pointer", "-fno-pic"),
    kernel_flags=("-mgeneral-regs-only", "-mstrict-align"),
    # A large frame touches each of its pages in turn, so that it cannot step over the guard page below a stack.
    compiler_flags=("-Xclang", "-fstack-clash-protection"),
    second_compiler_flags=("-fstack-clash-protection", "--param=stack-clash-protection-guard-size=12"),
    page_bytes=4096,
    frame_record=0,
    trap="table",
    trap_instruction="brk #0x4d",
    entry=ENTRY,
    support="",
    kernel_call=KERNEL_CALL,
    naked=True,
    emulation="aarch64elf",
    base=0x40_0000,
    shared=False,
)
