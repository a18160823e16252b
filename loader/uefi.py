"""The parts of the Unified Extensible Firmware Interface (UEFI 2.10) that the loader calls, by their places."""

from __future__ import annotations

from typing import Final

from loader.arch.chosen import call_firmware
from loader.memory import PAGE, MemoryMap
from metal import U16, Array, Ptr, View, addr_of, array, offset_of, ptr_at, size_of, struct, u8, u16, u32, u64

UNSAFE: Final = True

# Statuses, appendix D, and arguments.
SUCCESS: Final = 0
INVALID_PARAMETER: Final = 1 << 63 | 2
AT_ADDRESS: Final = 2
LOADER_DATA: Final = 2

# Services, as offsets in the table of boot services (section 4.4).
ALLOCATE_PAGES: Final = 40
GET_MEMORY_MAP: Final = 56
EXIT: Final = 216
EXIT_BOOT_SERVICES: Final = 232
# Of the protocol for simple text output (section 12.4).
OUTPUT_STRING: Final = 8

MAP_BYTES: Final = 0x1_0000
LINE: Final = 128


@struct
class SystemTable:
    """The table firmware hands over (section 4.3)."""

    signature: u64 = 0
    revision: u32 = 0
    bytes_used: u32 = 0
    checksum: u32 = 0
    reserved: u32 = 0
    vendor: u64 = 0
    vendor_revision: u64 = 0
    input_handle: u64 = 0
    input: u64 = 0
    output_handle: u64 = 0
    output: u64 = 0
    error_handle: u64 = 0
    error: u64 = 0
    runtime_services: u64 = 0
    boot_services: u64 = 0
    table_count: u64 = 0
    tables: u64 = 0


@struct
class ConfigurationTable:
    """One of the tables that describe the machine (section 4.6), by its GUID."""

    low: u64 = 0
    high: u64 = 0
    address: u64 = 0


@struct
class Firmware:
    """What the loader knows of the firmware, and what it has to say to it."""

    loader: u64 = 0
    table: u64 = 0
    gone: bool = False
    # Of the memory map, as the last look at it told.
    map_bytes: u64 = 0
    map_key: u64 = 0
    map_entry_bytes: u64 = 0
    map_version: u64 = 0
    pages_at: u64 = 0
    line: Array[u16] = array(LINE)
    map: Array[u64] = array(MAP_BYTES // 8)

    def system(self) -> Ptr[SystemTable]:
        """The table firmware handed over."""
        return ptr_at(SystemTable, self.table)

    def service(self, offset: u64) -> u64:
        """The address of one of the boot services."""
        return ptr_at(Address, self.system().boot_services + offset).value

    def say(self, text: View[u8]) -> None:
        """Writes text on firmware's console, which speaks UTF-16 and ends lines with two characters."""
        if self.gone:
            return
        count: u64 = 0
        for byte in text:
            if count + 3 > LINE:
                self.write_line(count)
                count = 0
            if byte == 0x0A:
                self.line[count] = 0x0D
                count += 1
            self.line[count] = U16(byte)
            count += 1
        self.write_line(count)

    def write_line(self, count: u64) -> None:
        """Writes what is in the line."""
        self.line[count] = 0
        output = self.system().output
        call_firmware(ptr_at(Address, output + OUTPUT_STRING).value, output, addr_of(self.line), 0, 0, 0)

    def take_pages(self, address: u64, size: u64) -> bool:
        """Takes the memory at an address; whether nobody had it."""
        self.pages_at = address
        pages = (size + PAGE - 1) // PAGE
        place = addr_of(self) + offset_of(Firmware, "pages_at")
        return call_firmware(self.service(ALLOCATE_PAGES), AT_ADDRESS, LOADER_DATA, pages, place, 0) == SUCCESS

    def find_table(self, low: u64, high: u64) -> u64:
        """A table that describes the machine, by its GUID; 0 when firmware has none."""
        for index in range(self.system().table_count):
            entry = ptr_at(ConfigurationTable, self.system().tables + index * size_of(ConfigurationTable))
            if entry.low == low and entry.high == high:
                return entry.address
        return 0

    def leave(self) -> bool:
        """Ends the boot services; whether they are over. They want the newest map of memory: it may take two tries."""
        for _ in range(2):
            if not self.read_map():
                return False
            status = call_firmware(self.service(EXIT_BOOT_SERVICES), self.loader, self.map_key, 0, 0, 0)
            if status == SUCCESS:
                self.gone = True
                return True
            if status != INVALID_PARAMETER:
                return False
        return False

    def read_map(self) -> bool:
        """Reads the map of memory; whether it fits."""
        self.map_bytes = MAP_BYTES
        size = addr_of(self) + offset_of(Firmware, "map_bytes")
        key = addr_of(self) + offset_of(Firmware, "map_key")
        entry = addr_of(self) + offset_of(Firmware, "map_entry_bytes")
        version = addr_of(self) + offset_of(Firmware, "map_version")
        service = self.service(GET_MEMORY_MAP)
        return call_firmware(service, size, addr_of(self.map), key, entry, version) == SUCCESS

    def memory(self, seen: Ptr[MemoryMap]) -> None:
        """The map of memory that the boot services ended with."""
        seen.address = addr_of(self.map)
        seen.bytes_used = self.map_bytes
        seen.entry_bytes = self.map_entry_bytes

    def give_up(self) -> None:
        """Back to the firmware, which may have something else to start."""
        call_firmware(self.service(EXIT), self.loader, INVALID_PARAMETER, 0, 0, 0)


@struct
class Address:
    """An address that lies in memory."""

    value: u64 = 0
