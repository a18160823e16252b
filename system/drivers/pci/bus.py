"""Finds the devices of the plan on a PCI bus, gives their registers addresses, and hands them out.

Nobody else touches configuration space. A function that the plan does not name never masters the bus; one that it names
gets its registers in pages of their own and one interrupt: a message where the bus has some, else its pin.
Bridges are left as firmware set them up, and what is behind them is not looked at.
"""

from __future__ import annotations

from typing import Final

from abi.interface import CallError
from abi.kernel import NEVER
from metal import U32, U64, Array, Ptr, Reg, array, at, log, mmio, struct, u32, u64
from system.drivers.bus import GRANTS, announce, grant_at, is_missing, look_at, look_away, own_bus
from system.drivers.halves import high, low
from system.drivers.pci.function import Function
from system.drivers.pci.header import (
    CLASS,
    COMMAND,
    HEADER_KIND,
    HEADER_TYPE,
    IDENTITY,
    INTERRUPT_PIN,
    MASTER_ON,
    MEMORY_ON,
    MESSAGE_BYTES,
    MESSAGES,
    MESSAGES_ON,
    NOBODY,
    PIN_OFF,
    PLACE_RANGE,
    RANGE_COUNT,
    SEVERAL_FUNCTIONS,
    SUBSYSTEM,
)  # fmt: skip
from system.drivers.pci.host import Host
from system.drivers.pci.kinds import is_kind
from system.drivers.pci.space import NOWHERE, Space
from system.runtime.program import start_record
from system.runtime.server import caller, serve_until

UNSAFE: Final = True

SLOTS: Final = 32
SLOT_FUNCTIONS: Final = 8
BRIDGE: Final = 6
NO_FUNCTION: Final = 0xFFFF_FFFF
NO_RANGE: Final = 0xFFFF_FFFF
NO_INTERRUPT: Final = 0xFFFF_FFFF
CONFIGURATION_BYTES: Final = 256


class Message:
    """One entry of a function's table of messages (PCI Local Bus 3.0, section 6.8.2.6)."""

    address_low: Reg[u32] = at(0)
    address_high: Reg[u32] = at(4)
    data: Reg[u32] = at(8)
    masked: Reg[u32] = at(12)


@struct
class Handed:
    """The function that a grant of this program turned out to be, and the range its driver has mapped."""

    function: u32 = NO_FUNCTION
    mapped: u32 = NO_RANGE


@struct
class PciBus:
    """The bus as its driver keeps it."""

    host: Ptr[Host]
    function: Ptr[Function]
    space: Space = Space()
    messages_used: u32 = 0
    handed: Array[Handed] = array(GRANTS)

    def find_devices(self) -> None:
        """Looks at every function twice: what has a place already keeps it, then what the plan names gets one."""
        self.space.size = own_bus().bus_facts.window_bytes
        self.space.page = start_record().page_bytes
        for slot in range(U32(SLOTS)):
            for number in range(self.functions_at(slot)):
                self.quiet(slot * SLOT_FUNCTIONS + number)
        for slot in range(U32(SLOTS)):
            for number in range(self.functions_at(slot)):
                self.hand_out(slot * SLOT_FUNCTIONS + number)

    def functions_at(self, slot: u32) -> u32:
        """How many functions may be in a slot."""
        first = slot * SLOT_FUNCTIONS
        if self.host.read(first, IDENTITY) & 0xFFFF == NOBODY:
            return 0
        return SLOT_FUNCTIONS if self.host.read(first, HEADER_TYPE) & SEVERAL_FUNCTIONS != 0 else 1

    def is_device(self, number: u32) -> bool:
        """Whether there is a function that is no bridge."""
        if self.host.read(number, IDENTITY) & 0xFFFF == NOBODY:
            return False
        return self.host.read(number, HEADER_TYPE) & HEADER_KIND == 0 and self.host.read(number, CLASS) >> 24 != BRIDGE

    def grant_of(self, number: u32) -> u32:
        """The first grant that a function fits and that is still missing; 0 when there is none."""
        identity = self.host.read(number, IDENTITY)
        subsystem = self.host.read(number, SUBSYSTEM)
        for grant in range(U32(1), start_record().device_count):
            if is_missing(grant) and is_kind(grant_at(grant).kind, identity, subsystem):
                return grant
        return 0

    def quiet(self, number: u32) -> None:
        """No function masters the bus; the memory of those that the plan does not name stays where firmware put it."""
        if not self.is_device(number):
            return
        function = self.function
        function.measure(number)
        if self.grant_of(number) != 0:
            function.write(COMMAND, function.command & ~MEMORY_ON)
            return
        function.write(COMMAND, function.command)
        start = own_bus().bus_facts.window_address
        for index in range(RANGE_COUNT):
            one = function.ranges[index]
            used = one.size > 0 and function.command & MEMORY_ON != 0
            if used and one.address >= start and one.address - start < self.space.size:
                if not self.space.keep(one.address - start, one.size):
                    log("the bus has more devices than its driver can remember")

    def hand_out(self, number: u32) -> None:
        """Gives a function that the plan names its addresses and its interrupt, lets it work, and announces it."""
        if not self.is_device(number):
            return
        grant = self.grant_of(number)
        if grant == 0:
            return
        function = self.function
        function.measure(number)
        if not self.place(function):
            log(f"the bus has no room for the registers of function {number}")
            return
        function.command = MEMORY_ON
        function.write(COMMAND, function.command)
        interrupt = self.connect_interrupt(function)
        mapped = largest_range(function, self.message_range(function))
        if mapped == NO_RANGE or interrupt == NO_INTERRUPT:
            log(f"function {number} has no registers in memory, or no interrupt")
            return
        function.write(COMMAND, function.command | MASTER_ON)
        self.handed[grant].function = number
        self.handed[grant].mapped = mapped
        one = function.ranges[mapped]
        announce(grant, one.address - own_bus().bus_facts.window_address, one.size, interrupt)

    def place(self, function: Ptr[Function]) -> bool:
        """Gives every range of a function that does not decode addresses a place of its own; whether there was one."""
        for index in range(U32(RANGE_COUNT)):
            size = function.ranges[index].size
            if size > 0:
                start = self.space.take(size)
                if start == NOWHERE:
                    return False
                function.place(index, own_bus().bus_facts.window_address + start)
        return True

    def message_range(self, function: Ptr[Function]) -> u32:
        """The range in which a function keeps its messages: a driver that could write those could interrupt as any."""
        capability = function.find_capability(MESSAGES)
        return function.read(capability + 4) & PLACE_RANGE if capability != 0 else NO_RANGE

    def connect_interrupt(self, function: Ptr[Function]) -> u32:
        """Lets a function interrupt by a message, else by its pin: which interrupt of the bus; NO_INTERRUPT: none."""
        own = own_bus()
        facts = own.bus_facts
        pins = own.interrupt_count - facts.message_count
        capability = function.find_capability(MESSAGES)
        if capability != 0 and self.messages_used < facts.message_count:
            place = function.read(capability + 4)
            table = function.ranges[place & PLACE_RANGE]
            offset = table.address - facts.window_address + U64(place & ~U32(PLACE_RANGE))
            entry = mmio(Message, look_at(own, offset, MESSAGE_BYTES))
            entry.address_low.write(low(facts.message_address))
            entry.address_high.write(high(facts.message_address))
            entry.data.write(facts.message_data + self.messages_used)
            entry.masked.write(0)
            look_away()
            function.write(capability, function.read(capability) | MESSAGES_ON)
            function.command |= PIN_OFF
            self.messages_used += 1
            return pins + self.messages_used - 1
        pin = function.read(INTERRUPT_PIN) >> 8 & 0xFF
        if pin == 0:
            return NO_INTERRUPT
        line = self.host.route(function.number // SLOT_FUNCTIONS, pin)
        return line if line < pins else U32(NO_INTERRUPT)

    def configuration(self, device: u32, register: u32) -> u32 | CallError:
        grant = self.grant_of_caller(device)
        if grant == 0 or register % 4 != 0 or register >= CONFIGURATION_BYTES:
            return CallError.REFUSED
        return self.host.read(self.handed[grant].function, register)

    def mapped_range(self, device: u32) -> u32 | CallError:
        grant = self.grant_of_caller(device)
        if grant == 0:
            return CallError.REFUSED
        return self.handed[grant].mapped

    def grant_of_caller(self, device: u32) -> u32:
        """The grant of a device that was handed out and that the caller drives; 0 when there is none."""
        for number in range(U32(1), start_record().device_count):
            grant = grant_at(number)
            if grant.device == device and U64(grant.owner) == caller():
                return number if self.handed[number].function != NO_FUNCTION else 0
        return 0


def largest_range(function: Ptr[Function], kept: u32) -> u32:
    """The largest memory of a function but for one that is kept back; NO_RANGE when there is none."""
    best: u32 = NO_RANGE
    size: u64 = 0
    for index in range(U32(RANGE_COUNT)):
        if index != kept and function.ranges[index].size > size:
            best = index
            size = function.ranges[index].size
    return best


def serve_for_ever() -> None:
    """What is left to do when all is found: drivers ask about their own devices."""
    while True:
        serve_until(NEVER)
