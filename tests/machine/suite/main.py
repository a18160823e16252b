"""The suite: what root runs on a device whose kernel is to be checked. It ends the machine with how many failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.boot import BUNDLE, MACHINE, OWN_SPACE, BootInformation
from abi.kernel import READ
from metal import U64, export, ptr_at, u64
from system.runtime import calls as kernel
from tests.machine.suite import calls, devices, faults, hostile, memory, registers, time
from tests.machine.suite.report import begin_check, end_check, expect, tally
from tests.machine.suite.world import BUNDLE_ADDRESS, begin_world, choose_source, end_world, need, world

UNSAFE: Final = True


def run(name: str, check: Callable[[], None]) -> None:
    """One check, in a world of its own; that everything it made is gone afterwards is part of it."""
    begin_check()
    begin_world()
    check()
    expect(end_world(), "everything that was made ends with the memory that paid for it")
    end_check(name)


def run_calls() -> None:
    """The call road."""
    run("a poll of an empty notification gives no bits", calls.poll_of_an_empty_notification)
    run("every handle is checked", calls.every_handle_is_checked)
    run("a call carries eight words", calls.a_call_carries_eight_words)
    run("a call crosses spaces", calls.a_call_crosses_spaces)
    run("a badge tells the caller", calls.a_badge_tells_the_caller)
    run("a long message carries words and handles", calls.a_long_message_carries_words_and_handles)
    run("a reply right is used once", calls.a_reply_right_is_used_once)
    run("a server holds several calls", calls.a_server_holds_several_calls)
    run("a server that ends tells its caller", calls.a_server_that_ends_tells_its_caller)
    run("a closed endpoint ends waits", calls.a_closed_endpoint_ends_waits)
    run("the highest priority is served first", calls.the_highest_priority_is_served_first)
    run("a time-out ends a wait", calls.a_time_out_ends_a_wait)
    run("a thread waits for signals and messages at once", calls.a_thread_waits_for_signals_and_messages_at_once)
    run("a calls-only endpoint refuses sends", calls.a_calls_only_endpoint_refuses_sends)


def run_time() -> None:
    """Budgets, priorities, CPUs."""
    run("the clock goes on", time.the_clock_goes_on)
    run("an idle device sleeps", time.an_idle_device_sleeps)
    run("the highest priority runs", time.the_highest_priority_runs)
    run("equal priorities take turns", time.equal_priorities_take_turns)
    run("a yield lets an equal run", time.a_yield_lets_an_equal_run)
    run("an exhausted budget waits for its period", time.an_exhausted_budget_waits_for_its_period)
    run("a call brings its caller's time", time.a_call_brings_its_callers_time)
    run("a request needs enough time", time.a_request_needs_enough_time)
    run("an exhausted budget is a message", time.an_exhausted_budget_is_a_message)
    run("a thread is started anew", time.a_thread_is_started_anew)
    run("a stopped thread is looked at and changed", time.a_stopped_thread_is_looked_at_and_changed)
    run("two CPUs run two threads", time.two_cpus_run_two_threads)
    run("two CPUs share the kernel", time.two_cpus_share_the_kernel)
    run("a thread is stopped on another CPU", time.a_thread_is_stopped_on_another_cpu)


def run_memory() -> None:
    """Memory, derivation, revocation, mappings."""
    run("new memory is empty", memory.new_memory_is_empty)
    run("everything has a payer", memory.everything_has_a_payer)
    run("memory ends", memory.memory_ends)
    run("rights only shrink", memory.rights_only_shrink)
    run("a revocation takes everything derived", memory.a_revocation_takes_everything_derived)
    run("a revocation is interrupted and goes on", memory.a_revocation_is_interrupted_and_goes_on)
    run("a mapping ends with its memory", memory.a_mapping_ends_with_its_memory)
    run("a mapping needs its rights", memory.a_mapping_needs_its_rights)
    run("spaces share memory", memory.spaces_share_memory)
    run("a page beside a used one is found", memory.a_page_beside_a_used_one_is_found)
    run("an unmapped page is out of reach", memory.an_unmapped_page_is_out_of_reach)
    run("an unmapped page is out of reach on other CPUs", memory.an_unmapped_page_is_out_of_reach_on_other_cpus)
    run("written code is executed", memory.written_code_is_executed)
    run("handles move and children stay", memory.handles_move_and_children_stay)
    run("an emptied slot is not its old content", memory.an_emptied_slot_is_not_its_old_content)


def run_faults() -> None:
    """Faults, registers, devices."""
    run("a read of nothing is a fault", faults.a_read_of_nothing_is_a_fault)
    run("a write to text is a fault", faults.a_write_to_text_is_a_fault)
    run("data is not executed", faults.data_is_not_executed)
    run("a page to be read is not executed", faults.a_page_to_be_read_is_not_executed)
    run("a page to be read is not written", faults.a_page_to_be_read_is_not_written)
    run("a misaligned access is a fault", faults.a_misaligned_access_is_a_fault)
    run("a failed check is a fault", faults.a_failed_check_is_a_fault)
    run("a handler repairs and the thread goes on", faults.a_handler_repairs_and_the_thread_goes_on)
    run("without a handler a thread stops", faults.without_a_handler_a_thread_stops)
    run("a call leaves nothing in registers", registers.a_call_leaves_nothing_in_registers)
    run("a server leaves nothing in registers", registers.a_server_leaves_nothing_in_registers)
    run("the probe sees what is left", registers.the_probe_sees_what_is_left)
    run("a call keeps what it must", registers.a_call_keeps_what_it_must)
    run("a new thread finds empty registers", registers.a_new_thread_finds_empty_registers)
    run("vector registers are kept apart", registers.vector_registers_are_kept_apart)
    run("vector registers survive interruptions", registers.vectors_survive_calls)
    run("an interrupt is a notification", devices.an_interrupt_is_a_notification)
    run("device memory is not ordinary", devices.device_memory_is_not_ordinary)
    run("ports are reached through their handle", devices.ports_are_reached_through_their_handle)


def run_hostile() -> None:
    """Programs that try everything."""
    run("hostile: kernel memory is out of reach", hostile.kernel_memory_is_out_of_reach)
    run("hostile: instructions of the kernel are refused", hostile.instructions_of_the_kernel_are_refused)
    run("hostile: handles and replies cannot be forged", hostile.handles_and_replies_cannot_be_forged)
    run("hostile: exhausted memory hurts nobody else", hostile.exhausted_memory_hurts_nobody_else)
    run("hostile: bad addresses are refused", hostile.bad_addresses_are_refused)
    run("hostile: data cannot be executed", hostile.data_cannot_be_executed)
    run("hostile: a hog uses only its budget", hostile.a_hog_uses_only_its_budget)
    run("hostile: a flood of calls uses only its budget", hostile.a_flood_of_calls_uses_only_its_budget)
    run("hostile: a server stays reachable", hostile.a_server_stays_reachable)
    run("hostile: a stack ends in nothing", hostile.a_stack_ends_in_nothing)
    run("hostile: others cannot be controlled", hostile.others_cannot_be_controlled)


@export
def metal_start(argument: u64) -> None:
    """Root's start."""
    information = ptr_at(BootInformation, argument)
    world.millisecond = information.ticks_per_second // 1000
    world.cpus = U64(information.cpu_count)
    choose_source(information)
    size = information.bundle_bytes
    need(kernel.map_memory(OWN_SPACE, BUNDLE, 0, BUNDLE_ADDRESS, size, READ))
    run_calls()
    run_time()
    run_memory()
    run_faults()
    run_hostile()
    print(f"suite: {tally.passed} ok, {tally.failed} failed, {tally.skipped} skipped, {world.cpus} CPUs")
    failed = tally.failed
    stopped = kernel.machine_stop(MACHINE, 0 if failed == 0 else 1)
    expect(stopped is None, "the machine stops")
    while True:
        pass
