"""Probes in 64-bit LoongArch instructions: registers seeded with patterns, and every forbidden instruction."""

from __future__ import annotations

from typing import Final

from abi.kernel import Fault
from metal import addr_of, asm, asm64, export, mmio_write8, naked, struct, u64

UNSAFE: Final = True


@struct
class Found:
    """Where the probes leave what they found."""

    value: u64 = 0


found: Found = Found()

PAGE: Final = 16384
SCRATCH_PORTS: Final = 0
FAULT_BEYOND_TABLES: Final = Fault.READ
"""How a read ends at an address that is wider than what page tables translate."""
FAULTS_ON_EXECUTION: Final = False
FAULTS_ON_MISALIGNMENT: Final = False
GUARDS_KERNEL: Final = True
MEETS_DEADLINES: Final = True
BELL_BASE: Final = 0x1FE0_0000
"""The page of the serial port, whose transmitter interrupts while it is empty, for whom wants that."""
BELL_ENABLE: Final = 0x1E1
BELL_LINE: Final = 2
TIMER_LINE: Final = 2011
MEMORY_BASE: Final = 0x9000_0000
KERNEL_TEXT: Final = 0x9000_0000_0020_0000


def has_bell(base: u64) -> bool:
    """Every machine of the family has one."""
    return True


def open_bell(base: u64) -> None:
    """Nothing is wanted yet."""
    mmio_write8(base + BELL_ENABLE, 0)


def ring_bell(base: u64) -> None:
    """Wants the interrupt of the empty transmitter, which comes at once."""
    mmio_write8(base + BELL_ENABLE, 2)


def silence_bell(base: u64) -> None:
    """Takes the interrupt back."""
    mmio_write8(base + BELL_ENABLE, 0)


def close_bell(base: u64) -> None:
    """It interrupts no more."""
    mmio_write8(base + BELL_ENABLE, 0)


def read_counter() -> u64:
    """Ticks of the stable counter, in a build that opens it."""
    return asm64("rdtime.d %0, $zero")


@naked
@export
def measure_dirty_after_call(handle: u64, place: u64) -> None:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed."""
    asm("""
    addi.d  $sp, $sp, -16
    st.d    $a1, $sp, 0
    move    $t0, $a0
    li.d    $t3, 0xa5a5000000000000
    .irp    r, $t4,$t5,$t6,$t7,$t8,$r21
    move    \\r, $t3
    .endr
    li.w    $t2, 11
    syscall 0
    move    $a0, $t3
    .irp    r, $t4,$t5,$t6,$t7,$t8,$r21
    or      $a0, $a0, \\r
    .endr
    ld.d    $a1, $sp, 0
    addi.d  $sp, $sp, 16
    st.d    $a0, $a1, 0
    ret
    """)


def dirty_after_call(handle: u64) -> u64:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed."""
    measure_dirty_after_call(handle, addr_of(found))
    return found.value


@naked
@export
def measure_dirty_without_call(handle: u64, place: u64) -> None:
    """The negative control: the same, but nobody cleans in between, so the pattern must be seen."""
    asm("""
    li.d    $t3, 0xa5a5000000000000
    move    $t4, $t3
    move    $r21, $t3
    or      $a0, $t3, $t4
    or      $a0, $a0, $r21
    move    $r21, $zero
    st.d    $a0, $a1, 0
    ret
    """)


def dirty_without_call(handle: u64) -> u64:
    """The negative control: the same, but nobody cleans in between, so the pattern must be seen."""
    measure_dirty_without_call(handle, addr_of(found))
    return found.value


@naked
@export
def measure_kept_over_switch(seed: u64, place: u64) -> None:
    """Puts a number of its own into every register that a call keeps, yields, and leaves at place what changed."""
    asm("""
    addi.d  $sp, $sp, -112
    .irp    r, 22,23,24,25,26,27,28,29,30,31
    st.d    $r\\r, $sp, 8 * (\\r - 22)
    .endr
    st.d    $ra, $sp, 80
    st.d    $tp, $sp, 88
    st.d    $a0, $sp, 96
    st.d    $a1, $sp, 104
    .irp    r, 1,2,22,23,24,25,26,27,28,29,30,31
    addi.d  $r\\r, $a0, \\r
    .endr
    li.w    $t2, 12
    syscall 0
    move    $a2, $zero
    ld.d    $a0, $sp, 96
    ld.d    $a1, $sp, 104
    .irp    r, 1,2,22,23,24,25,26,27,28,29,30,31
    addi.d  $r\\r, $r\\r, -\\r
    xor     $r\\r, $r\\r, $a0
    or      $a2, $a2, $r\\r
    .endr
    st.d    $a2, $a1, 0
    .irp    r, 22,23,24,25,26,27,28,29,30,31
    ld.d    $r\\r, $sp, 8 * (\\r - 22)
    .endr
    ld.d    $ra, $sp, 80
    ld.d    $tp, $sp, 88
    addi.d  $sp, $sp, 112
    ret
    """)


@naked
@export
def fill_vectors(seed: u64) -> None:
    """Puts a number of its own into every floating-point register, and one into their control and conditions."""
    asm("""
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    movgr2fr.d $f\\r, $a0
    addi.d  $a0, $a0, 1
    .endr
    li.w    $a1, 0x300              # rounds down
    movgr2fcsr $fcsr0, $a1
    li.w    $a1, 1
    .irp    r, 0,2,5,7
    movgr2cf $fcc\\r, $a1
    .endr
    .irp    r, 1,3,4,6
    movgr2cf $fcc\\r, $zero
    .endr
    ret
    """)


@naked
@export
def measure_check_vectors(seed: u64, place: u64) -> None:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    asm("""
    move    $a3, $zero
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    movfr2gr.d $a2, $f\\r
    xor     $a2, $a2, $a0
    or      $a3, $a3, $a2
    addi.d  $a0, $a0, 1
    .endr
    movfcsr2gr $a2, $fcsr0
    xori    $a2, $a2, 0x300
    or      $a3, $a3, $a2
    .irp    r, 0,2,5,7
    movcf2gr $a2, $fcc\\r
    xori    $a2, $a2, 1
    or      $a3, $a3, $a2
    .endr
    .irp    r, 1,3,4,6
    movcf2gr $a2, $fcc\\r
    or      $a3, $a3, $a2
    .endr
    st.d    $a3, $a1, 0
    ret
    """)


def check_vectors(seed: u64) -> u64:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    measure_check_vectors(seed, addr_of(found))
    return found.value


@naked
@export
def report_fresh_registers(place: u64) -> None:
    """How a new thread finds its registers: general, floating-point and state ones, each ORed; then it waits."""
    asm("""
    .irp    r, 1,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    or      $a1, $a1, $r\\r
    .endr
    st.d    $a1, $a0, 0
    move    $a1, $zero
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    movfr2gr.d $a2, $f\\r
    or      $a1, $a1, $a2
    .endr
    st.d    $a1, $a0, 8
    movfcsr2gr $a1, $fcsr0
    or      $a1, $a1, $tp
    .irp    r, 0,1,2,3,4,5,6,7
    movcf2gr $a2, $fcc\\r
    or      $a1, $a1, $a2
    .endr
    st.d    $a1, $a0, 16
    li.w    $a1, 1
    st.d    $a1, $a0, 24
1:  li.w    $t1, -1
    move    $t0, $zero
    li.w    $t2, 9
    syscall 0
    b       1b
    """)


@naked
@export
def poison_and_serve(handle: u64) -> None:
    """A server that answers every call with patterns in all the registers that are not part of the message."""
    asm("""
    move    $s4, $a0
    move    $t0, $s4
    li.w    $t2, 3
    syscall 0
1:  li.d    $t3, 0xa5a5000000000000
    .irp    r, 1,2,16,17,18,19,20,21,22,23,24,25,26,28,29,30,31
    move    $r\\r, $t3
    .endr
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    movgr2fr.d $f\\r, $t3
    .endr
    move    $t0, $s4
    li.w    $t2, 1
    syscall 0
    b       1b
    """)


@naked
@export
def measure_dirty_after_exchange(handle: u64, place: u64) -> None:
    """Calls a server; leaves at place what is in the registers that are no part of a message, and in its vectors."""
    asm("""
    addi.d  $sp, $sp, -32
    st.d    $ra, $sp, 0
    st.d    $a0, $sp, 8
    st.d    $a1, $sp, 16
    li.w    $a0, 0x5000
    bl      fill_vectors
    ld.d    $t0, $sp, 8
    li.w    $t2, 0
    syscall 0
    move    $a0, $zero
    .irp    r, $t3,$t4,$t5,$t6,$t7,$t8,$r21,$tp
    or      $a0, $a0, \\r
    .endr
    ld.d    $a1, $sp, 16
    st.d    $a0, $a1, 0
    li.w    $a0, 0x5000
    addi.d  $a1, $a1, 8
    bl      measure_check_vectors
    ld.d    $ra, $sp, 0
    addi.d  $sp, $sp, 32
    ret
    """)


def set_flags_and_pointer() -> None:
    """Leaves marks in what a careless kernel would hand to the next thread."""
    asm("move $tp, %0\nmove $r21, %0", 0xF000_0000)


def jump_to(address: u64) -> None:
    """Executes whatever stands at an address."""
    asm("jirl $ra, %0, 0", address, clobber="$ra")


def call_at(address: u64) -> u64:
    """Calls a function at an address; its result."""
    return asm64("jirl $ra, %1, 0\nmove %0, $a0", address, clobber="$a0,$ra")


@naked
@export
def answer() -> None:
    """A function so small that it can be copied: two instructions that give 42."""
    asm("""
    ori     $a0, $zero, 42
    ret
    """)


ANSWER_BYTES: Final = 8

ATTEMPTS: Final = 13
"""How many instructions there are that no program may use."""


def attempt(index: u64) -> None:
    """One of them; whoever comes back was not stopped."""
    if index == 0:
        asm("csrrd $t3, 0x19", clobber="$t3")
    elif index == 1:
        asm("move $t3, $zero\ncsrwr $t3, 0x19", clobber="$t3")
    elif index == 2:
        asm("li.w $t3, 7\ncsrxchg $zero, $t3, 0x0", clobber="$t3")
    elif index == 3:
        asm("invtlb 0, $zero, $zero")
    elif index == 4:
        asm("move $t3, $zero\ncsrwr $t3, 0x30", clobber="$t3")
    elif index == 5:
        asm("csrrd $t3, 0x42", clobber="$t3")
    elif index == 6:
        asm("csrrd $t3, 0x5", clobber="$t3")
    elif index == 7:
        asm("cacop 8, $sp, 0")
    elif index == 8:
        asm("iocsrrd.w $t3, $zero", clobber="$t3")
    elif index == 9:
        asm("idle 0")
    elif index == 10:
        asm("tlbfill")
    elif index == 11:
        asm(".word 0")
    else:
        asm("ertn")


def misaligned() -> None:
    """An exclusive access that no alignment rule allows."""
    asm("addi.d $t3, $sp, 1\nll.d $t3, $t3, 0", clobber="$t3")


def rest() -> None:
    """One turn of a loop that does nothing."""
    asm("nop")
