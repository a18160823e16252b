"""64-bit x86, bare: kernel and programs of a device."""

from metal.targets.target import Target

# The kernel enters a program as a function is called: the stack is 8 bytes off its alignment.
ENTRY = """\
    .pushsection .text._start, "ax"
    .globl _start
    .type _start, %function
_start:
    xorl %ebp, %ebp
    pushq %rbp
    call metal_start
    int3
    .size _start, . - _start
    .popsection
"""

# Message words travel in rdi, rsi, rdx, r8, r9, r10, r12, r13, the handle in rbx, the reply number in r14, the
# operation in rax. These, rbp and r15 survive or carry answers; the instruction itself destroys rcx and r11. Of the
# wide registers the controls survive, as they do a function call.
KERNEL_CALL = """\
({ u64 *words__ = (words)->w, handle__ = (handle), reply__ = (reply); \
register u64 rdi__ __asm__("rdi") = words__[0]; register u64 rsi__ __asm__("rsi") = words__[1]; \
register u64 rdx__ __asm__("rdx") = words__[2]; register u64 r8__ __asm__("r8") = words__[3]; \
register u64 r9__ __asm__("r9") = words__[4]; register u64 r10__ __asm__("r10") = words__[5]; \
register u64 r12__ __asm__("r12") = words__[6]; register u64 r13__ __asm__("r13") = words__[7]; \
register u64 rbx__ __asm__("rbx") = handle__; register u64 r14__ __asm__("r14") = reply__; \
__asm__ volatile("movl $" METAL_STRING(operation) ", %%eax\\n\\tsyscall" \
    : "+r"(rdi__), "+r"(rsi__), "+r"(rdx__), "+r"(r8__), "+r"(r9__), "+r"(r10__), "+r"(r12__), "+r"(r13__), \
      "+r"(rbx__), "+r"(r14__) \
    : : "rax", "rcx", "r11", "memory", "cc", \
      "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
      "xmm13", "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)"); \
words__[0] = rdi__; words__[1] = rsi__; words__[2] = rdx__; words__[3] = r8__; \
words__[4] = r9__; words__[5] = r10__; words__[6] = r12__; words__[7] = r13__; \
(struct Tuple_u64_u64){rbx__, r14__}; })"""

TARGET = Target(
    name="x86_64",
    triple="x86_64-none-elf",
    compiler="clang-19",
    compiler_package="clang-19",
    second_compiler="x86_64-linux-gnu-gcc",
    second_compiler_package="gcc-x86-64-linux-gnu",
    linker="ld.lld-19",
    linker_package="lld-19",
    flags=("-march=x86-64", "-fno-omit-frame-pointer", "-fcf-protection=none", "-fno-pic"),
    # The kernel lies far above what 32-bit addresses reach, so it names its own memory by distance; and an interrupt
    # that it takes while it waits is written right below its stack pointer.
    kernel_flags=("-mgeneral-regs-only", "-fpie", "-mno-red-zone"),
    compiler_flags=("-fstack-clash-protection",),
    second_compiler_flags=("-fstack-clash-protection", "--param=stack-clash-protection-guard-size=12"),
    page_bytes=4096,
    frame_record=0,
    trap="table",
    trap_instruction="int3",
    entry=ENTRY,
    support="",
    kernel_call=KERNEL_CALL,
    naked=True,
    emulation="elf_x86_64",
    base=0x40_0000,
    shared=False,
    call_bytes=8,
)
