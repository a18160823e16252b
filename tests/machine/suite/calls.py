"""The call road: messages there and back, who is served first, what ends a wait, and what becomes of replies."""

from __future__ import annotations

from typing import Final

from abi.boot import OWN_TABLE
from abi.kernel import CALLS_ONLY, FAILED, LONG, SIGNALLED, Call, Error, Kind, MessagePage
from abi.rights import ALL, ENDPOINT_CALL, ENDPOINT_RECEIVE, ENDPOINT_SEND, NOTIFICATION_SIGNAL, NOTIFICATION_WAIT
from metal import U64, Words, kernel_call, ptr_at, u64
from system.runtime import calls
from tests.machine.suite.report import expect, expect_equal
from tests.machine.suite.world import (
    Maker,
    free_slot,
    make,
    make_endpoint,
    make_space,
    milliseconds,
    must,
    need,
    now,
    pause,
    restrict,
    settle,
    shared,
    spawn,
    start,
    stop_here,
    wait_for_stage,
)  # fmt: skip

UNSAFE: Final = True


def is_error(status: u64, error: Error) -> bool:
    """A status is this error."""
    return status == FAILED | U64(error)


def poll_of_an_empty_notification() -> None:
    notification = make(Kind.NOTIFICATION, 0)
    bits = calls.poll(notification)
    expect(not isinstance(bits, Error) and bits == 0, "an empty notification has no bits")
    need(calls.signal(notification, 6))
    need(calls.signal(notification, 9))
    bits = calls.poll(notification)
    expect(not isinstance(bits, Error) and bits == 15, "signals are ORed")
    bits = calls.poll(notification)
    expect(not isinstance(bits, Error) and bits == 0, "a poll takes the bits")


def every_handle_is_checked() -> None:
    notification = make(Kind.NOTIFICATION, 0)
    words = Words()
    status, _ = kernel_call(Call.POLL, 0, 0, words)
    expect(is_error(status, Error.NO_HANDLE), "handle 0 names nothing")
    status, _ = kernel_call(Call.POLL, 1023, 0, words)
    expect(is_error(status, Error.NO_HANDLE), "an empty slot names nothing")
    status, _ = kernel_call(Call.POLL, 100000, 0, words)
    expect(is_error(status, Error.NO_HANDLE), "an index outside the table names nothing")
    status, _ = kernel_call(Call.POLL, 0xFFFF_FFFF_FFFF_FFFF, 0, words)
    expect(is_error(status, Error.NO_HANDLE), "all ones names nothing")
    status, _ = kernel_call(Call.POLL, notification | 1 << 40, 0, words)
    expect(is_error(status, Error.NO_HANDLE), "a wrong generation names nothing")
    status, _ = kernel_call(Call.POLL, OWN_TABLE, 0, words)
    expect(is_error(status, Error.WRONG_KIND), "a table is no notification")
    silent = restrict(notification, NOTIFICATION_WAIT, 0)
    status, _ = kernel_call(Call.SIGNAL, silent, 0, words)
    expect(is_error(status, Error.NO_RIGHT), "a right that was not given is missing")
    deaf = restrict(notification, NOTIFICATION_SIGNAL, 0)
    status, _ = kernel_call(Call.POLL, deaf, 0, words)
    expect(is_error(status, Error.NO_RIGHT), "another right does not do")
    status, _ = kernel_call(15, notification, 0, words)
    expect(is_error(status, Error.NO_CALL), "operation 15 does not exist")
    status, _ = kernel_call(9999, notification, 0, words)
    expect(is_error(status, Error.NO_CALL), "operation 9999 does not exist")
    need(calls.delete(notification))
    status, _ = kernel_call(Call.POLL, notification, 0, words)
    expect(is_error(status, Error.NO_HANDLE), "a deleted handle names nothing")


def echo_server(argument: u64) -> None:
    """Answers each message with its words plus one, and with its badge in the last."""
    words = Words()
    status, number = kernel_call(Call.RECEIVE, shared().handle, 0, words)
    while True:
        for index in range(7):
            words.w[index] += 1
        words.w[7] = status
        shared().count.value.add(1)
        status, number = kernel_call(Call.REPLY_RECEIVE, shared().handle, number, words)


def call_echo(endpoint: u64) -> bool:
    """One call with eight words, looked at."""
    words = Words()
    for index in range(8):
        words.w[index] = index * 0x1111
    status, _ = kernel_call(Call.CALL_UNTIL, endpoint, now() + milliseconds(1000), words)
    good = status & FAILED == 0
    for index in range(7):
        good = good and words.w[index] == index * 0x1111 + 1
    return good


def a_call_carries_eight_words() -> None:
    shared().handle = make_endpoint(0, 0)
    settle(spawn(echo_server, 0, 120))
    for _ in range(20):
        if not expect(call_echo(shared().handle), "every word comes back"):
            return
    expect_equal(shared().count.value.load(), 20, "how often the server answered")


def a_call_crosses_spaces() -> None:
    endpoint = make_endpoint(0, 0)
    shared().handle = endpoint
    maker = Maker()
    maker.space = make_space()
    maker.priority = 120
    settle(start(maker, echo_server))
    for _ in range(20):
        if not expect(call_echo(endpoint), "every word comes back from another space"):
            return
    expect_equal(shared().count.value.load(), 20, "how often the server answered")


def a_badge_tells_the_caller() -> None:
    endpoint = make_endpoint(0, 0)
    shared().handle = endpoint
    settle(spawn(echo_server, 0, 120))
    words = Words()
    kernel_call(Call.CALL, restrict(endpoint, ENDPOINT_CALL, 77), 0, words)
    expect_equal(words.w[7], 77, "the badge")
    kernel_call(Call.CALL, restrict(endpoint, ENDPOINT_CALL, 78), 0, words)
    expect_equal(words.w[7], 78, "the other badge")
    status, _ = kernel_call(Call.SEND, restrict(endpoint, ENDPOINT_CALL, 79), 0, words)
    expect(is_error(status, Error.NO_RIGHT), "who may call may not send")


def long_server(argument: u64) -> None:
    """Adds up a long message, and uses the handle that came with it."""
    page = ptr_at(MessagePage, argument)
    page.slots[0] = shared().second
    words = Words()
    _, number = kernel_call(Call.RECEIVE | LONG, shared().handle, 0, words)
    total: u64 = 0
    for index in range(U64(page.received_words)):
        total += page.words[index]
    shared().results[0] = total
    shared().results[1] = U64(page.received_handles)
    if page.received_handles > 0:
        signalled = calls.signal(page.received[0], 5)
        shared().results[2] = 0 if signalled is None else 1
    page.send_words = 2
    page.words[0] = 400
    page.words[1] = 500
    page.send_handles = 0
    kernel_call(Call.REPLY | LONG, 0, number, words)
    stop_here()


def long_client(argument: u64) -> None:
    """Sends 64 words and a handle."""
    page = ptr_at(MessagePage, argument)
    page.send_words = 56
    for index in range(56):
        page.words[index] = index
    page.send_handles = 1
    page.handles[0] = shared().third
    page.rights[0] = NOTIFICATION_SIGNAL
    words = Words()
    status, _ = kernel_call(Call.CALL | LONG, shared().handle, 0, words)
    shared().results[3] = status
    shared().results[4] = U64(page.received_words)
    shared().results[5] = page.words[0] + page.words[1]
    shared().stage.store(1)
    stop_here()


def a_long_message_carries_words_and_handles() -> None:
    shared().handle = make_endpoint(0, 0)
    shared().third = make(Kind.NOTIFICATION, 0)
    shared().second = free_slot()
    server = Maker()
    server.page = True
    server.priority = 120
    settle(start(server, long_server))
    client = Maker()
    client.page = True
    start(client, long_client)
    expect(wait_for_stage(1), "the long call comes back")
    expect_equal(shared().results[0], 56 * 55 // 2, "the sum of the words")
    expect_equal(shared().results[1], 1, "handles received")
    expect_equal(shared().results[2], 0, "the error of using the received handle")
    expect_equal(shared().results[3], 0, "the status of the call")
    expect_equal(shared().results[4], 2, "words of the reply beyond eight")
    expect_equal(shared().results[5], 900, "those words")
    bits = calls.poll(shared().third)
    expect(not isinstance(bits, Error) and bits == 5, "the received handle names the sender's notification")


def stale_server(argument: u64) -> None:
    """Receives, and answers with a number that is not the caller's, then with the right one."""
    words = Words()
    _, number = kernel_call(Call.RECEIVE, shared().handle, 0, words)
    shared().results[0], _ = kernel_call(Call.REPLY, 0, number + 1, words)
    shared().results[1], _ = kernel_call(Call.REPLY, 0, number, words)
    shared().results[2], _ = kernel_call(Call.REPLY, 0, number, words)
    shared().stage.store(1)
    stop_here()


def a_reply_right_is_used_once() -> None:
    shared().handle = make_endpoint(0, 0)
    settle(spawn(stale_server, 0, 120))
    words = Words()
    status, _ = kernel_call(Call.CALL, shared().handle, 0, words)
    expect_equal(status, 0, "the status of the call")
    expect(wait_for_stage(1), "the server comes back")
    expect(is_error(shared().results[0], Error.NO_REPLY), "a number that nobody has is refused")
    expect_equal(shared().results[1], 0, "the status of the reply")
    expect(is_error(shared().results[2], Error.NO_REPLY), "a reply right is used once")


def keeping_server(argument: u64) -> None:
    """Holds two calls at once, and answers the later one first."""
    words = Words()
    first, number = kernel_call(Call.RECEIVE, shared().handle, 0, words)
    kept = must(calls.keep(number, shared().second))
    second, number = kernel_call(Call.RECEIVE, shared().handle, 0, words)
    words.w[0] = second
    kernel_call(Call.REPLY, 0, number, words)
    words.w[0] = first
    kernel_call(Call.REPLY, kept, 0, words)
    shared().stage.add(1)
    stop_here()


def calling_thread(argument: u64) -> None:
    """Calls through its handle and notes in which order it was answered."""
    words = Words()
    kernel_call(Call.CALL, argument, 0, words)
    shared().results[words.w[0]] = shared().count.value.add(1) + 1
    stop_here()


def a_server_holds_several_calls() -> None:
    shared().handle = make_endpoint(0, 0)
    shared().second = free_slot()
    settle(spawn(keeping_server, 0, 120))
    settle(spawn(calling_thread, restrict(shared().handle, ENDPOINT_CALL, 1), 110))
    spawn(calling_thread, restrict(shared().handle, ENDPOINT_CALL, 2), 110)
    expect(wait_for_stage(1), "the server answers both")
    pause(2)
    expect_equal(shared().results[2], 1, "the place of the second caller")
    expect_equal(shared().results[1], 2, "the place of the first caller")


def dying_server(argument: u64) -> None:
    """Receives, and says that it did; its end is somebody else's work."""
    words = Words()
    kernel_call(Call.RECEIVE, shared().handle, 0, words)
    shared().stage.store(1)
    stop_here()


def unlucky_caller(argument: u64) -> None:
    """Notes how its call ended."""
    words = Words()
    shared().results[0], _ = kernel_call(Call.CALL, shared().handle, 0, words)
    shared().stage.store(2)
    stop_here()


def a_server_that_ends_tells_its_caller() -> None:
    shared().handle = make_endpoint(0, 0)
    server = spawn(dying_server, 0, 120)
    settle(server)
    spawn(unlucky_caller, 0, 110)
    expect(wait_for_stage(1), "the server receives")
    need(calls.thread_stop(server))
    expect(wait_for_stage(2), "the caller comes back")
    expect(is_error(shared().results[0], Error.SERVER_DIED), "the caller is told that its server died")


def a_closed_endpoint_ends_waits() -> None:
    endpoint = make_endpoint(0, 0)
    shared().handle = restrict(endpoint, ALL, 0)
    settle(spawn(unlucky_caller, 0, 110))
    need(calls.revoke(endpoint))
    expect(wait_for_stage(2), "the caller comes back")
    expect(is_error(shared().results[0], Error.GONE), "a wait through a revoked handle ends")


def the_highest_priority_is_served_first() -> None:
    endpoint = make_endpoint(0, 0)
    settle(spawn(calling_thread, restrict(endpoint, ENDPOINT_CALL, 1), 50))
    settle(spawn(calling_thread, restrict(endpoint, ENDPOINT_CALL, 2), 150))
    settle(spawn(calling_thread, restrict(endpoint, ENDPOINT_CALL, 3), 100))
    words = Words()
    order: u64 = 0
    for _ in range(3):
        badge, number = kernel_call(Call.RECEIVE, endpoint, 0, words)
        order = order * 10 + badge
        words.w[0] = badge
        kernel_call(Call.REPLY, 0, number, words)
    expect_equal(order, 231, "the order of the badges")


def a_time_out_ends_a_wait() -> None:
    endpoint = make_endpoint(0, 0)
    words = Words()
    begin = now()
    status, _ = kernel_call(Call.CALL_UNTIL, endpoint, begin + milliseconds(3), words)
    expect(is_error(status, Error.TIMED_OUT), "a call that nobody receives is given up")
    expect(now() >= begin + milliseconds(3), "not before its time")
    status, _ = kernel_call(Call.RECEIVE_UNTIL, endpoint, now() + milliseconds(2), words)
    expect(is_error(status, Error.TIMED_OUT), "a receive is given up")
    status, _ = kernel_call(Call.SEND_UNTIL, endpoint, 0, words)
    expect(is_error(status, Error.TIMED_OUT), "a deadline that is past polls")
    slept = calls.wait_until(now() + milliseconds(2))
    expect(isinstance(slept, Error), "a sleep ends")


def signalling_thread(argument: u64) -> None:
    """Signals, then sends."""
    words = Words()
    need(calls.signal(shared().second, 4))
    kernel_call(Call.SEND, shared().handle, 0, words)
    stop_here()


def both_waiting_thread(argument: u64) -> None:
    """Waits at an endpoint and for a notification at once, twice."""
    words = Words()
    shared().results[0], _ = kernel_call(Call.RECEIVE, shared().handle, 0, words)
    shared().results[1] = words.w[0]
    shared().results[2], _ = kernel_call(Call.RECEIVE, shared().handle, 0, words)
    shared().stage.store(3)
    stop_here()


def a_thread_waits_for_signals_and_messages_at_once() -> None:
    shared().handle = make_endpoint(0, 0)
    shared().second = make(Kind.NOTIFICATION, 0)
    maker = Maker()
    maker.notification = shared().second
    maker.priority = 120
    settle(start(maker, both_waiting_thread))
    spawn(signalling_thread, 0, 110)
    expect(wait_for_stage(3), "both arrive")
    expect_equal(shared().results[0], SIGNALLED, "the status of the signal")
    expect_equal(shared().results[1], 4, "the bits")
    expect_equal(shared().results[2], 0, "the status of the message")


def a_calls_only_endpoint_refuses_sends() -> None:
    endpoint = make_endpoint(CALLS_ONLY, 0)
    words = Words()
    status, _ = kernel_call(Call.SEND, endpoint, 0, words)
    expect(is_error(status, Error.CALLS_ONLY), "a send is refused")
    only = restrict(endpoint, ENDPOINT_SEND | ENDPOINT_RECEIVE, 0)
    status, _ = kernel_call(Call.CALL, only, 0, words)
    expect(is_error(status, Error.NO_RIGHT), "a call needs its right")
