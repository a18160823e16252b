"""The caller's side of a service: one call is one message, to another process or to a function of this program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.bundle import Name
from abi.interface import CallError
from abi.kernel import FAILED, LONG, MESSAGE_WORDS, NEVER, Call, Error
from abi.start import ServiceGrant
from metal import U64, Array, Ptr, Words, array, assign, kernel_call, ptr_at, size_of, struct, u64
from system.runtime.locks import Lock
from system.runtime.messages import Message
from system.runtime.program import is_named, program, set_name, start_record
from system.runtime.time import deadline_after

UNSAFE: Final = True

# How many services one program may know, called and placed inside it together.
CONNECTIONS: Final = 32
DEFAULT_TIMEOUT: Final = 5_000_000_000
RETRIES: Final = 3
CALL_UNTIL_LONG: Final = Call.CALL_UNTIL + LONG
SEND_UNTIL_LONG: Final = Call.SEND_UNTIL + LONG
ERROR_MASK: Final = 0xFF
LAST_CALL_ERROR: Final = 5


def nobody(message: Ptr[Message]) -> None:
    """Answers where no service has registered."""
    message.answer_error(CallError.UNREACHABLE)


@struct
class Placed:
    """A service inside this program."""

    name: Name = Name()
    function: Callable[[Ptr[Message]], None] = nobody
    lock: Lock = Lock()


@struct
class PlacedServices:
    """The services that this program serves itself."""

    count: u64 = 0
    # Who would answer a call later is the thread that waits for it, so a placed service must answer at once.
    inside: bool = False
    services: Array[Placed] = array(CONNECTIONS)


placed_services: PlacedServices = PlacedServices()


@struct
class Connection:
    """How a service is reached."""

    handle: u64 = 0
    placed: Ptr[Placed] | None = None
    timeout: u64 = 0

    def open(self, index: u64, timeout: u64) -> None:
        """Connects to what `find_connection` found."""
        self.timeout = timeout
        if index < placed_services.count:
            self.placed = placed_services.services[index]
        else:
            grant = service_grant(index - placed_services.count)
            self.handle = grant.handle

    def call(self, message: Ptr[Message], idempotent: bool) -> CallError | None:
        """Sends a request and waits for its answer, which is in the message afterwards."""
        if message.spoiled:
            return CallError.TOO_LARGE
        placed = self.placed
        if placed is not None:
            return call_function(placed, message)
        attempts: u64 = 0
        request = Words()
        assign(request, message.words)
        deadline = deadline_after(self.timeout)
        failed = call_process(self.handle, message, deadline)
        while failed is not None and failed == Error.SERVER_DIED and idempotent and attempts < RETRIES:
            # The endpoint outlives its server: the next generation takes the repeated request.
            attempts += 1
            assign(message.words, request)
            failed = call_process(self.handle, message, deadline)
        if failed is not None:
            return meaning_of(failed)
        return answered(message)

    def post(self, message: Ptr[Message]) -> CallError | None:
        """Sends a message that nobody answers; done when the service has taken it."""
        if message.spoiled:
            return CallError.TOO_LARGE
        placed = self.placed
        if placed is not None:
            return call_function(placed, message)
        message.leave()
        status, _ = kernel_call(SEND_UNTIL_LONG, self.handle, deadline_after(self.timeout), message.words)
        if status & FAILED != 0:
            return meaning_of(Error(int(status & ERROR_MASK)))
        return None


def call_process(handle: u64, message: Ptr[Message], deadline: u64) -> Error | None:
    """One call of the kernel; the long form only where words or handles travel in the page."""
    short = message.count <= MESSAGE_WORDS and message.handles == 0 and not message.long_answer
    if short and deadline == NEVER:
        # The kernel's common road.
        plain, _ = kernel_call(Call.CALL, handle, 0, message.words)
        if plain & FAILED != 0:
            return Error(int(plain & ERROR_MASK))
        message.received(MESSAGE_WORDS, 0)
        return None
    if short:
        status, _ = kernel_call(Call.CALL_UNTIL, handle, deadline, message.words)
        if status & FAILED != 0:
            return Error(int(status & ERROR_MASK))
        message.received(MESSAGE_WORDS, 0)
        return None
    message.leave()
    long_status, _ = kernel_call(CALL_UNTIL_LONG, handle, deadline, message.words)
    if long_status & FAILED != 0:
        return Error(int(long_status & ERROR_MASK))
    message.arrive()
    return None


def call_function(placed: Ptr[Placed], message: Ptr[Message]) -> CallError | None:
    """The same request, taken apart and answered by a function of this program."""
    function = placed.function
    message.deliver_here()
    with placed.lock:
        placed_services.inside = True
        function(message)
        placed_services.inside = False
    if message.spoiled:
        return CallError.TOO_LARGE
    message.deliver_here()
    return answered(message)


def answered(message: Ptr[Message]) -> CallError | None:
    """What the first word of an answer says."""
    outcome = message.method()
    if outcome == 0:
        return None
    if outcome > LAST_CALL_ERROR:
        return CallError.REFUSED
    return CallError(int(outcome))


def meaning_of(error: Error) -> CallError:
    """What a refusal by the kernel means to a caller."""
    if error == Error.SERVER_DIED:
        return CallError.SERVER_DIED
    if error == Error.TIMED_OUT:
        return CallError.TIMED_OUT
    if error == Error.GONE or error == Error.NO_HANDLE:
        return CallError.UNREACHABLE
    return CallError.REFUSED


def service_grant(index: u64) -> Ptr[ServiceGrant]:
    """A service that the plan lets this program call."""
    record = start_record()
    return ptr_at(ServiceGrant, program.argument + record.services + index * size_of(ServiceGrant))


def find_connection(name: str) -> u64 | CallError:
    """The number of a service: those placed inside first, then those that the plan lets this program call."""
    wanted = name.encode()
    for index in range(placed_services.count):
        if is_named(placed_services.services[index].name, wanted):
            return index
    for index in range(U64(start_record().service_count)):
        if is_named(service_grant(index).name, wanted):
            number = placed_services.count + index
            if number >= CONNECTIONS:
                return CallError.UNREACHABLE
            return number
    return CallError.UNREACHABLE


def place(name: str, function: Callable[[Ptr[Message]], None]) -> None:
    """Registers a service inside this program."""
    assert placed_services.count < CONNECTIONS
    made = placed_services.services[placed_services.count]
    set_name(made.name, name.encode())
    made.function = function
    placed_services.count += 1
