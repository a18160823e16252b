"""Memory, handles and their end: who pays, what is derived, what a revocation takes away."""

from __future__ import annotations

from typing import Final

from abi.boot import OWN_SPACE
from abi.kernel import EXECUTE, FAILED, READ, WRITE, Call, Error, Fault, Kind
from abi.rights import ALL, MEMORY_READ
from metal import U64, Words, addr_of, kernel_call, ptr_at, raw, u8, u64
from system.runtime import calls
from tests.machine.probes import chosen as probes
from tests.machine.suite.report import expect, expect_equal, skip
from tests.machine.suite.world import (
    PAGE,
    PAYER_BYTES,
    FaultNote,
    Maker,
    Shared,
    free_slot,
    make,
    make_endpoint,
    make_space,
    map_new,
    milliseconds,
    must,
    need,
    now,
    restrict,
    shared,
    start,
    stop_here,
    take_addresses,
    take_fault,
    wait_for_more,
    wait_for_stage,
    world,
)  # fmt: skip

UNSAFE: Final = True


def in_use() -> u64:
    """Bytes that the check's memory has given away."""
    words = Words()
    need(calls.memory_read(world.payer, words))
    return words.w[1]


def new_memory_is_empty() -> None:
    here = take_addresses(PAGE)
    memory = map_new(OWN_SPACE, here, PAGE, READ | WRITE)
    words = raw(u64, here)
    total: u64 = 0
    for index in range(PAGE // 8):
        total |= words[index]
        words[index] = 0x5EED_5EED
    expect_equal(total, 0, "what a new page holds")
    need(calls.unmap(OWN_SPACE, here))
    need(calls.delete(memory))
    for _ in range(8):
        again = take_addresses(PAGE)
        map_new(OWN_SPACE, again, PAGE, READ | WRITE)
        words = raw(u64, again)
        for index in range(PAGE // 8):
            total |= words[index]
    expect_equal(total, 0, "what a page holds that was used before")


def everything_has_a_payer() -> None:
    before = in_use()
    kinds: u64 = 0
    notification = make(Kind.NOTIFICATION, 0)
    expect(in_use() > before, "a notification is paid for")
    need(calls.delete(notification))
    need(calls.delete(make(Kind.THREAD, 0)))
    need(calls.delete(make(Kind.CONTEXT, 8)))
    need(calls.delete(make(Kind.TABLE, 16)))
    need(calls.delete(make(Kind.SPACE, 0)))
    kinds += 5
    words = Words()
    kernel_call(Call.RECLAIM, world.payer, 0, words)
    expect_equal(in_use(), before, "what is in use when all is deleted")
    expect_equal(kinds, 5, "how many kinds were tried")


def memory_ends() -> None:
    small = make(Kind.MEMORY, 16 * PAGE)
    made: u64 = 0
    refused = False
    first = free_slot()
    while made < 200 and not refused:
        result = calls.create(small, Kind.TABLE, 16, 0, first + made)
        if isinstance(result, Error):
            expect(result == Error.NO_MEMORY, "the refusal says that memory ended")
            refused = True
        else:
            made += 1
    expect(refused, "a memory cannot pay for ever")
    expect(made > 0, "it pays for something")
    need(calls.revoke(small))
    words = Words()
    need(calls.memory_read(small, words))
    expect_equal(words.w[1], 0, "what is in use after everything is revoked")


def rights_only_shrink() -> None:
    notification = make(Kind.NOTIFICATION, 0)
    weak = restrict(notification, 1, 0)
    result = calls.derive(weak, 0, free_slot(), 3, 0)
    expect(isinstance(result, Error) and result == Error.NO_RIGHT, "a right that one has not cannot be given")
    marked = restrict(notification, ALL & 3, 5)
    result = calls.derive(marked, 0, free_slot(), 1, 6)
    expect(isinstance(result, Error) and result == Error.NO_RIGHT, "a badge stays")


def a_revocation_takes_everything_derived() -> None:
    notification = make(Kind.NOTIFICATION, 0)
    handles: u64 = notification
    words = Words()
    last: u64 = 0
    for _ in range(40):
        last = restrict(notification, 3, 0)
        restrict(last, 3, 0)
        handles += 1
    need(calls.revoke(notification))
    status, _ = kernel_call(Call.POLL, last, 0, words)
    expect(status == FAILED | U64(Error.NO_HANDLE), "a derived handle is gone")
    status, _ = kernel_call(Call.POLL, notification, 0, words)
    expect_equal(status, 0, "the status of a poll with the handle that was revoked")


def interrupting_thread(argument: u64) -> None:
    """Wakes often, at a priority above the revoker's, and counts how often it got to run."""
    while shared().stop.load() == 0:
        slept = calls.wait_until(now() + milliseconds(1) // 40)
        if isinstance(slept, Error):
            shared().count.value.add(1)
    stop_here()


def revoking_thread(argument: u64) -> None:
    """Revokes something large."""
    shared().results[1] = shared().count.value.load()
    done = calls.revoke(argument)
    shared().results[2] = shared().count.value.load()
    shared().results[0] = 0 if done is None else 1
    shared().stage.store(1)
    stop_here()


def a_revocation_is_interrupted_and_goes_on() -> None:
    root = make(Kind.NOTIFICATION, 0)
    pool = make(Kind.MEMORY, PAYER_BYTES // 2)
    table = must(calls.create(pool, Kind.TABLE, 8192, 0, free_slot()))
    fast = Maker()
    fast.priority = 200
    start(fast, interrupting_thread)
    # Whether an emulator's timer comes in time depends on what else its machine does: it gets more chances.
    interrupted = False
    for _ in range(100):
        if not interrupted:
            for slot in range(1, 7000):
                must(calls.derive(root, table, slot, 3, 0))
            shared().stage.store(0)
            slow = Maker()
            slow.priority = 100
            slow.argument = root
            start(slow, revoking_thread)
            expect(wait_for_stage(1), "the revocation ends")
            expect_equal(shared().results[0], 0, "whether it was refused")
            interrupted = shared().results[2] > shared().results[1]
            for slot in range(1, 7000, 50):
                again = calls.derive(root, table, slot, 3, 0)
                expect(not isinstance(again, Error), "everything that was derived is gone when it ends")
            need(calls.revoke(root))
    shared().stop.store(1)
    if not expect(interrupted, "others ran while it went on"):
        print(f"because: they ran {shared().results[1]} times before it and {shared().results[2]} times after it")
    words = Words()
    need(calls.delete(table))
    status, _ = kernel_call(Call.POLL, root, 0, words)
    expect_equal(status, 0, "the status of a poll with the handle that was revoked")


def a_mapping_ends_with_its_memory() -> None:
    space = make_space()
    memory = make(Kind.MEMORY, PAGE)
    weak = restrict(memory, ALL & 15, 0)
    address: u64 = 0x6_0000_0000
    need(calls.map_memory(space, weak, 0, address, PAGE, READ | WRITE))
    refused = calls.map_memory(space, memory, 0, address, PAGE, READ)
    expect(refused is not None and refused == Error.MAPPED, "an address is mapped once")
    need(calls.revoke(memory))
    need(calls.map_memory(space, memory, 0, address, PAGE, READ))


def a_mapping_needs_its_rights() -> None:
    memory = make(Kind.MEMORY, PAGE)
    here = take_addresses(PAGE)
    refused = calls.map_memory(OWN_SPACE, memory, 0, here, PAGE, WRITE | EXECUTE)
    expect(refused is not None and refused == Error.BAD_ARGUMENT, "nothing is written and executed")
    weak = restrict(memory, MEMORY_READ, 0)
    refused = calls.map_memory(OWN_SPACE, weak, 0, here, PAGE, READ | WRITE)
    expect(refused is not None and refused == Error.NO_RIGHT, "writing needs its right")
    refused = calls.map_memory(OWN_SPACE, memory, 0, here + 1, PAGE, READ)
    expect(refused is not None and refused == Error.BAD_ARGUMENT, "an address is a whole page")
    refused = calls.map_memory(OWN_SPACE, memory, PAGE, here, PAGE, READ)
    expect(refused is not None and refused == Error.BAD_ARGUMENT, "a mapping stays in its memory")
    refused = calls.map_memory(OWN_SPACE, memory, 0, 0xFFFF_0000_4020_0000, PAGE, READ)
    expect(refused is not None, "the kernel's addresses are not for programs")
    refused = calls.map_memory(OWN_SPACE, memory, 0, 0xFFFF_FFFF_FFFF_F000, 0x8000_0000_0000_0000, READ)
    expect(refused is not None, "a length that goes round is refused")


def reading_thread(argument: u64) -> None:
    """Looks at a page and says what is there, until it is told to stop."""
    place = ptr_at(Shared, argument)
    while True:
        shared().results[3] = place.handle
        shared().count.value.add(1)
        stop = shared().stop.load()
        if stop != 0:
            stop_here()
        calls.yield_processor()


def spaces_share_memory() -> None:
    space = make_space()
    here = take_addresses(PAGE)
    memory = map_new(OWN_SPACE, here, PAGE, READ | WRITE)
    there: u64 = 0x6_0000_0000
    need(calls.map_memory(space, memory, 0, there, PAGE, READ))
    maker = Maker()
    maker.space = space
    maker.argument = there
    ptr_at(Shared, here).handle = 4711
    start(maker, reading_thread)
    seen = now() + milliseconds(500)
    while shared().count.value.load() < 3 and now() < seen:
        slept = calls.wait_until(now() + milliseconds(1))
        expect(isinstance(slept, Error), "nobody wakes the suite")
    expect_equal(shared().results[3], 4711, "what the other space reads")
    shared().stop.store(1)


def waiting_thread(argument: u64) -> None:
    """Uses a page, and once it may also the one behind it."""
    shared().results[0] = ptr_at(Shared, argument).handle
    shared().stage.store(1)
    while shared().stage.load() == 1:
        calls.yield_processor()
    shared().results[1] = ptr_at(Shared, argument + PAGE).handle
    shared().stage.store(3)
    stop_here()


def a_page_beside_a_used_one_is_found() -> None:
    # Hardware that translates pages in pairs, or several at once, may remember that there was none.
    maker = Maker()
    maker.space = make_space()
    maker.handler = make_endpoint(0, 0)
    maker.argument = 0x6_0000_0000
    map_new(maker.space, maker.argument, PAGE, READ | WRITE)
    start(maker, waiting_thread)
    if expect(wait_for_stage(1), "the first page is used"):
        map_new(maker.space, maker.argument + PAGE, PAGE, READ | WRITE)
        shared().stage.store(2)
        expect(wait_for_stage(3), "the second page is used")


def looking_thread(argument: u64) -> None:
    """Reads a page again and again."""
    place = ptr_at(Shared, argument)
    while shared().stop.load("relaxed") == 0:
        shared().results[3] |= place.handle
        shared().count.value.add(1, "relaxed")
    shared().stage.store(1)
    stop_here()


def a_page_goes_from(cpu: u64) -> None:
    """A thread on this CPU uses a page until it is taken away, and then not once more."""
    maker = Maker()
    note = FaultNote()
    maker.space = make_space()
    maker.handler = make_endpoint(0, 0)
    maker.cpu = cpu
    there: u64 = 0x6_0000_0000
    memory = map_new(maker.space, there, PAGE, READ)
    maker.argument = there
    start(maker, looking_thread)
    expect(wait_for_more(shared().count, 100), "the page is read")
    need(calls.unmap(maker.space, there))
    seen = shared().count.value.load()
    # What is made of the page now must not be seen through an old translation.
    here = take_addresses(PAGE)
    need(calls.map_memory(OWN_SPACE, memory, 0, here, PAGE, READ | WRITE))
    ptr_at(Shared, here).handle = 0x5EC2E7
    expect(take_fault(maker.handler, note), "the next read is a fault")
    expect_equal(note.kind, Fault.READ, "its kind")
    expect_equal(note.address & ~U64(PAGE - 1), there, "its page")
    expect(shared().count.value.load() <= seen + 1, "nothing was read after the page was gone")
    expect_equal(shared().results[3], 0, "what was seen of the page's next use")


def an_unmapped_page_is_out_of_reach() -> None:
    a_page_goes_from(0)


def an_unmapped_page_is_out_of_reach_on_other_cpus() -> None:
    if world.cpus < 2:
        skip("there is one CPU")
        return
    a_page_goes_from(1)


def written_code_is_executed() -> None:
    here = take_addresses(PAGE)
    memory = map_new(OWN_SPACE, here, PAGE, READ | WRITE)
    code = raw(u8, addr_of(probes.answer))
    target = raw(u8, here)
    for index in range(probes.ANSWER_BYTES):
        target[index] = code[index]
    need(calls.unmap(OWN_SPACE, here))
    need(calls.map_memory(OWN_SPACE, memory, 0, here, PAGE, READ | EXECUTE))
    expect_equal(probes.call_at(here), 42, "what the copied function gives")


def handles_move_and_children_stay() -> None:
    notification = make(Kind.NOTIFICATION, 0)
    moved = must(calls.move(notification, 0, free_slot()))
    child = restrict(moved, 3, 0)
    words = Words()
    status, _ = kernel_call(Call.POLL, notification, 0, words)
    expect(status == FAILED | U64(Error.NO_HANDLE), "the old place is empty")
    need(calls.delete(moved))
    status, _ = kernel_call(Call.POLL, child, 0, words)
    expect_equal(status, 0, "the status of a poll with a handle whose parent was deleted")


def an_emptied_slot_is_not_its_old_content() -> None:
    first = make(Kind.NOTIFICATION, 0)
    slot = free_slot()
    old = must(calls.derive(first, 0, slot, 3, 0))
    need(calls.delete(old))
    new = must(calls.derive(first, 0, slot, 3, 0))
    words = Words()
    expect(old != new, "the slot's next content has another handle")
    status, _ = kernel_call(Call.POLL, old, 0, words)
    expect(status == FAILED | U64(Error.NO_HANDLE), "the old handle is refused")
    status, _ = kernel_call(Call.POLL, new, 0, words)
    expect_equal(status, 0, "the status of a poll with the new one")
