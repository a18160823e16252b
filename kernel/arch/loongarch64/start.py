"""From the boot loader's jump to `kernel_main`: direct windows, the first stack, and where other CPUs wait."""

from typing import Final

from metal import asm, export, naked, section

UNSAFE: Final = True


@naked
@export
@section(".text.header")
def image_header() -> None:
    """Every CPU begins here at once, untranslated, with nothing in its registers; all but the first wait to be called.

    Mail of 64 bits in its mailbox, and an interrupt, call a CPU: the address of its record, on top of its stack.
    """
    asm("""
    bl      open_windows
    csrrd   $t0, 0x20               # CPUID
    bnez    $t0, 1f
    la.pcrel $sp, __boot_stack_end
    move    $fp, $zero
    bl      make_tree
    bl      kernel_main
    b       4f

1:  li.w    $t0, 0x1004             # IOCSR: enable all inter-processor interrupts
    li.w    $t1, -1
    iocsrwr.w $t1, $t0
    li.w    $t0, 0x1000             # ECFG: listen to them, though CRMD lets none through
    csrwr   $t0, 0x4
    li.w    $t1, 0x1020             # IOCSR: the mailbox
    b       3f
2:  idle    0                       # an interrupt that came since the look into the mailbox is pending, and ends this
3:  iocsrrd.d $a0, $t1
    slli.w  $t0, $a0, 0             # the high half comes first
    beqz    $t0, 2b
    move    $sp, $a0
    move    $fp, $zero
    bl      kernel_secondary
    b       resume
4:  idle    0
    b       4b
    """)


@naked
@export
@section(".text.start")
def open_windows() -> None:
    """Windows on all physical memory, uncached at 0x8000.. and cached at 0x9000.., for the kernel; then translation.

    Returns at the same place in the cached window ("Direct Mapping Window", 5.2.1).
    """
    asm("""
    lu52i.d $t0, $zero, -2048       # 0x8000000000000000: uncached, for privilege 0
    ori     $t0, $t0, 1
    csrwr   $t0, 0x180
    lu52i.d $t0, $zero, -1792       # 0x9000000000000000: cached
    or      $ra, $ra, $t0
    ori     $t0, $t0, 0x11
    csrwr   $t0, 0x181
    csrwr   $zero, 0x182
    csrwr   $zero, 0x183
    ori     $t0, $zero, 0xb0        # CRMD: translation, cached fetches and loads where there is none; no interrupts
    csrwr   $t0, 0x0
    invtlb  0, $zero, $zero
    jr      $ra
    """)
