"""The machine the compiler runs on: programs become shared libraries that tests load and call."""

from metal.targets.target import Target

# There is no kernel below a test: the harness answers, if the test gave it something to answer with.
KERNEL_CALL = """\
({ extern struct Tuple_u64_u64 metal_host_kernel_call(u64, u64, u64, u64 *); \
metal_host_kernel_call(operation, handle, reply, (words)->w); })"""

TARGET = Target(
    name="host",
    triple="",
    compiler="clang-19",
    compiler_package="clang-19",
    second_compiler="gcc",
    second_compiler_package="gcc",
    linker="ld.lld-19",
    linker_package="lld-19",
    flags=("-fPIC", "-fno-omit-frame-pointer"),
    kernel_flags=(),
    compiler_flags=(),
    second_compiler_flags=(),
    page_bytes=4096,
    frame_record=0,
    trap="host",
    trap_instruction="",
    entry="",
    support="",
    kernel_call=KERNEL_CALL,
    naked=False,
    emulation="",
    base=0,
    shared=True,
)
