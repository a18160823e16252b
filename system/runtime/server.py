"""The service's side: receive a request, let the object's method act, answer; signals come in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.interface import CallError
from abi.kernel import FAILED, LONG, NEVER, SIGNALLED, Call, Error
from abi.start import (
    BADGE_PROCESS_MASK,
    BADGE_PURPOSE_MASK,
    BADGE_PURPOSE_SHIFT,
    BADGE_SERVICE_MASK,
    BADGE_SERVICE_SHIFT,
    BADGE_TRUSTED,
    ENDPOINT,
    PURPOSE_SERVICE,
    ServiceGrant,
)
from metal import U8, U64, Array, Ptr, array, kernel_call, panic, ptr_at, size_of, struct, u8, u64
from system.runtime.calls import keep
from system.runtime.connection import CONNECTIONS, place, placed_services
from system.runtime.messages import Message
from system.runtime.program import is_named, message_page, program, start_record, thread_index
from system.runtime.signals import forget_handle
from system.runtime.slots import give_slot, take_slot
from system.runtime.time import set_aside

UNSAFE: Final = True

RECEIVE_UNTIL_LONG: Final = Call.RECEIVE_UNTIL + LONG
REPLY_LONG: Final = Call.REPLY + LONG
REPLY_RECEIVE_LONG: Final = Call.REPLY_RECEIVE + LONG
ERROR_MASK: Final = 0xFF
SLOT_MASK: Final = 0xFFFF_FFFF


@struct
class Server:
    """What the program serves. One thread serves; its methods may ask who calls and put an answer off."""

    # Set by a method after which `serve_until` is to return, for there is more to do than to serve.
    pause: bool = False
    # While the services placed inside another program register themselves.
    placing: bool = False
    functions: Array[Callable[[Ptr[Message]], None] | None] = array(CONNECTIONS)
    # Called for what has no service: the supervisor's faults and exits.
    other: Callable[[Ptr[Message]], None] | None = None
    badge: u64 = 0
    # The number of the call being answered; 0 when nobody waits for an answer.
    number: u64 = 0
    kept: u64 = 0
    # An empty slot for a handle that comes with a request.
    handle_slot: u64 = 0


server: Server = Server()


def offer_messages(name: str, function: Callable[[Ptr[Message]], None]) -> None:
    """Registers the function that answers requests to a service."""
    if server.placing:
        place(name, function)
        return
    wanted = name.encode()
    record = start_record()
    for index in range(U64(record.offered_count)):
        grant = ptr_at(ServiceGrant, program.argument + record.offered + index * size_of(ServiceGrant))
        if is_named(grant.name, wanted):
            assert index < CONNECTIONS
            server.functions[index] = function
            return
    panic(f"the plan of this image does not say that this program offers {name}")


def serve_messages(name: str, function: Callable[[Ptr[Message]], None]) -> None:
    """Serves one service for ever."""
    offer_messages(name, function)
    while not server.placing:
        serve_until(NEVER)


def serve_until(deadline: u64) -> u64:
    """Answers requests until the program is signalled (the bits), a tick of the clock has come or a method asks (0)."""
    thread = thread_index()
    earlier = set_aside.bits[thread]
    if earlier != 0:
        set_aside.bits[thread] = 0
        return earlier
    message = Message()
    prepare_slot()
    status, number = kernel_call(RECEIVE_UNTIL_LONG, ENDPOINT, deadline, message.words)
    while True:
        if status & FAILED != 0:
            if status & ERROR_MASK == U64(Error.TIMED_OUT):
                return 0
            if status & ERROR_MASK == U64(Error.STOPPED):
                status, number = kernel_call(RECEIVE_UNTIL_LONG, ENDPOINT, deadline, message.words)
                continue
            panic(f"receiving failed: {Error(int(status & ERROR_MASK))}")
        if status & SIGNALLED != 0:
            return message.words.w[0]
        handle_request(message, status, number)
        if server.pause:
            server.pause = False
            answer_waiting(message)
            return 0
        prepare_slot()
        if server.number != 0 and deadline == NEVER:
            message.leave()
            status, number = kernel_call(REPLY_RECEIVE_LONG, ENDPOINT, number, message.words)
        else:
            answer_waiting(message)
            status, number = kernel_call(RECEIVE_UNTIL_LONG, ENDPOINT, deadline, message.words)


def answer_waiting(message: Ptr[Message]) -> None:
    """Answers the call that was just handled, if somebody waits; one who is gone by now is no mistake."""
    if server.number != 0:
        message.leave()
        kernel_call(REPLY_LONG, 0, server.number, message.words)
        server.number = 0


def handle_request(message: Ptr[Message], badge: u64, number: u64) -> None:
    """Finds the service that is meant and lets it answer into the message."""
    message.arrive()
    arrived: u64 = 0
    if message.handles > 0:
        arrived = message_page().received[0]
    if arrived != 0:
        server.handle_slot = 0
    server.badge = badge
    server.number = number
    service = badge >> BADGE_SERVICE_SHIFT & BADGE_SERVICE_MASK
    function = server.other
    if badge >> BADGE_PURPOSE_SHIFT & BADGE_PURPOSE_MASK == PURPOSE_SERVICE and service > 0:
        function = function_of(service - 1)
    if function is None:
        message.refuse()
    else:
        function(message)
    if arrived != 0 and message.handles_taken == 0:
        # No method wanted the handle: it would fill the table in the end.
        forget_handle(arrived)
    if message.spoiled:
        message.answer_error(CallError.TOO_LARGE)


def function_of(service: u64) -> Callable[[Ptr[Message]], None] | None:
    """The function that answers for a service of the plan."""
    record = start_record()
    for index in range(U64(record.offered_count)):
        grant = ptr_at(ServiceGrant, program.argument + record.offered + index * size_of(ServiceGrant))
        if U64(grant.service) == service and index < CONNECTIONS:
            return server.functions[index]
    return None


def prepare_slot() -> None:
    """Names an empty slot for a handle that may come with the next request."""
    if server.handle_slot == 0:
        server.handle_slot = take_slot()
    page = message_page()
    page.slots[0] = server.handle_slot


def caller() -> u64:
    """The process whose request is being answered."""
    return server.badge & BADGE_PROCESS_MASK


def caller_process() -> u8:
    """The same in the width of the console's frames."""
    return U8(caller() & 0xFF)


def caller_is_trusted() -> bool:
    """Whether the caller's plan lets it see how all processes do, and so speak of them."""
    return server.badge & BADGE_TRUSTED != 0


def answer_later() -> u64 | CallError:
    """Keeps the right to answer; the result is a handle for `answer_now`, and the method's own result is dropped."""
    if server.number == 0 or placed_services.inside:
        return CallError.REFUSED
    slot = take_slot()
    kept = keep(server.number, slot)
    if isinstance(kept, Error):
        give_slot(slot)
        return CallError.REFUSED
    server.number = 0
    return kept


def answer_now(kept: u64, message: Ptr[Message]) -> bool:
    """Answers a call that was put off; whether the caller was still there."""
    message.leave()
    status, _ = kernel_call(REPLY_LONG, kept, 0, message.words)
    give_slot(kept & SLOT_MASK)
    return status & FAILED == 0
