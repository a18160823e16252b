"""Values of a compiled program in memory: where C puts them, and what Python sees of them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any

Described = Mapping[str, Any]

_NUMBERS: dict[tuple[str, int, bool], Any] = {
    **{("integer", bits, True): of for bits, of in zip(
        (8, 16, 32, 64), (ctypes.c_int8, ctypes.c_int16, ctypes.c_int32, ctypes.c_int64), strict=True)},
    **{("integer", bits, False): of for bits, of in zip(
        (8, 16, 32, 64), (ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint64), strict=True)},
    ("float", 32, False): ctypes.c_float,
    ("float", 64, False): ctypes.c_double,
}  # fmt: skip
_U8: Described = {"kind": "integer", "bits": 8, "signed": False}


class Reference:
    """A struct or an array inside a program; changing it changes the program's memory."""

    __slots__ = ("_address", "_keeper", "_layouts", "_type")

    def __init__(self, layouts: Layouts, of: Described, address: int, keeper: Any = None) -> None:
        if keeper is not None:
            # Memory of our own, moved up to the strictest alignment.
            address = -(-ctypes.addressof(keeper) // 64) * 64
        object.__setattr__(self, "_layouts", layouts)
        object.__setattr__(self, "_type", of)
        object.__setattr__(self, "_address", address)
        object.__setattr__(self, "_keeper", keeper)

    _layouts: Layouts
    _type: Described
    _address: int
    _keeper: Any

    @property
    def address(self) -> int:
        """Where it stands; two references to one place have one address."""
        return self._address

    def _field(self, name: str) -> tuple[Described, int]:
        if self._type["kind"] == "struct":
            fields = self._layouts.fields(self._type["symbol"])
            if name in fields:
                of, offset = fields[name]
                return of, self._address + offset
        raise AttributeError(f"no field {name}")

    def __getattr__(self, name: str) -> Any:
        of, address = self._field(name)
        return self._layouts.read(of, address, in_place=True)

    def __setattr__(self, name: str, value: object) -> None:
        of, address = self._field(name)
        self._layouts.write(of, address, value, [])

    def _element(self, index: int) -> tuple[Described, int]:
        if self._type["kind"] != "array" or not 0 <= index < self._type["length"]:
            raise IndexError(index)
        element = self._type["element"]
        return element, self._address + index * self._layouts.size(element)[0]

    def __len__(self) -> int:
        length: int = self._type["length"]
        return length

    def __getitem__(self, index: int) -> Any:
        of, address = self._element(index)
        return self._layouts.read(of, address, in_place=True)

    def __setitem__(self, index: int, value: object) -> None:
        of, address = self._element(index)
        self._layouts.write(of, address, value, [])

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and other.address == self._address

    def __hash__(self) -> int:
        return hash(self._address)

    def __repr__(self) -> str:
        if self._type["kind"] == "array":
            return repr(list(self))
        names = self._layouts.fields(self._type["symbol"])
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names if names[name][0]["kind"] != "pointer")
        return f"{self._layouts.structs[self._type['symbol']]['name']}({shown})"


class Layouts:
    """The types of one program: sizes and offsets as C has them, and conversion in both directions."""

    def __init__(self, interface: Described) -> None:
        self.structs: dict[str, Any] = interface["structs"]
        self._described_enums: dict[str, Any] = interface["enums"]
        make_enum: Any = IntEnum
        self.enums: dict[str, type[IntEnum]] = {
            symbol: make_enum(of["name"], of["members"]) for symbol, of in self._described_enums.items()
        }
        self._placed: dict[str, tuple[dict[str, tuple[Described, int]], int, int]] = {}

    def struct_symbol(self, name: str) -> str:
        """The symbol of a struct by its name."""
        for symbol, of in self.structs.items():
            if name in (of["name"], symbol):
                return symbol
        raise KeyError(f"the program has no struct {name}")

    def place(self, types: Sequence[Described], align: int = 1) -> tuple[list[int], int]:
        """Offsets of members one after another, and the size of all."""
        offsets: list[int] = []
        end = 0
        for of in types:
            size, own = self.size(of)
            end = -(-end // own) * own
            offsets.append(end)
            end += size
            align = max(align, own)
        return offsets, -(-end // align) * align

    def _struct(self, symbol: str) -> tuple[dict[str, tuple[Described, int]], int, int]:
        found = self._placed.get(symbol)
        if found is None:
            of = self.structs[symbol]
            types = [field for _, field in of["fields"]] or [_U8]
            align = max([of["align"], 1, *(self.size(field)[1] for field in types)])
            offsets, size = self.place(types, align)
            fields = {name: (field, at) for (name, field), at in zip(of["fields"], offsets, strict=False)}
            found = self._placed[symbol] = (fields, size, align)
        return found

    def fields(self, symbol: str) -> dict[str, tuple[Described, int]]:
        """Type and offset of each field of a struct."""
        return self._struct(symbol)[0]

    def members(self, of: Described) -> list[Described]:
        """The parts of a composed type, in the order of C."""
        match of["kind"]:
            case "tuple":
                return list(of["items"])
            case "option":
                return [of["value"], {"kind": "bool"}]
            case "result":
                value = [] if of["value"]["kind"] == "none" else [of["value"]]
                return [*value, of["error"], *([_U8] if len(of["errors"]) > 1 else [])]
            case kind:
                raise AssertionError(kind)

    def size(self, of: Described) -> tuple[int, int]:
        """Bytes and alignment of a type."""
        match of["kind"]:
            case "integer" | "float":
                return of["bits"] // 8, of["bits"] // 8
            case "bool":
                return 1, 1
            case "enum":
                return self.size(self._described_enums[of["symbol"]]["type"])
            case "struct":
                _, size, align = self._struct(of["symbol"])
                return size, align
            case "array":
                size, align = self.size(of["element"])
                return size * of["length"], align
            case "pointer" | "address":
                return 8, 8
            case "slice" | "text":
                return 16, 8
            case "none":
                return 0, 1
            case _:
                members = self.members(of)
                align = max(self.size(member)[1] for member in members)
                return self.place(members, align)[1], align

    def read(self, of: Described, address: int, in_place: bool = False) -> Any:
        """The value of this type at an address. Structs and arrays are references, slices are copied."""
        match of["kind"]:
            case "integer" | "float":
                return _NUMBERS[of["kind"], of["bits"], of.get("signed", False)].from_address(address).value
            case "bool":
                return ctypes.c_uint8.from_address(address).value != 0
            case "enum":
                number = self.read(self._described_enums[of["symbol"]]["type"], address)
                members = self.enums[of["symbol"]]
                return members(number) if number in iter(members) else number
            case "struct" | "array":
                return Reference(self, of, address)
            case "address":
                return ctypes.c_uint64.from_address(address).value
            case "pointer":
                target = ctypes.c_uint64.from_address(address).value
                return self.read(of["target"], target, in_place=True) if target else None
            case "text":
                return self._bytes(address).decode("utf-8", "replace")
            case "slice":
                if of["element"] == _U8:
                    return self._bytes(address)
                first, length = self._slice(address)
                size, _ = self.size(of["element"])
                return [self.read(of["element"], first + index * size) for index in range(length)]
            case "none":
                return None
            case _:
                return self._read_composed(of, address)

    def _read_composed(self, of: Described, address: int) -> Any:
        members = self.members(of)
        offsets, _ = self.place(members)
        parts = [self.read(member, address + offset) for member, offset in zip(members, offsets, strict=True)]
        if of["kind"] == "tuple":
            return tuple(parts)
        if of["kind"] == "option":
            return parts[0] if parts[1] else None
        has_value = of["value"]["kind"] != "none"
        value = parts.pop(0) if has_value else None
        which = parts[1] - 1 if len(of["errors"]) > 1 else 0
        if parts[0] == 0 and (len(of["errors"]) == 1 or which < 0):
            return value
        return self.enums[of["errors"][which]](parts[0])

    def _slice(self, address: int) -> tuple[int, int]:
        return ctypes.c_uint64.from_address(address).value, ctypes.c_uint64.from_address(address + 8).value

    def _bytes(self, address: int) -> bytes:
        first, length = self._slice(address)
        return ctypes.string_at(first, length) if length else b""

    def write(self, of: Described, address: int, value: Any, held: list[Any]) -> None:
        """Puts a value at an address; `held` gets what it points at, and functions to call when the program is done."""
        match of["kind"]:
            case "integer":
                low = -(1 << (of["bits"] - 1)) if of["signed"] else 0
                high = (1 << (of["bits"] - of["signed"])) - 1
                if not isinstance(value, int) or not low <= value <= high:
                    raise ValueError(f"{value!r} is no {'i' if of['signed'] else 'u'}{of['bits']}")
                _NUMBERS["integer", of["bits"], of["signed"]].from_address(address).value = int(value)
            case "float":
                _NUMBERS["float", of["bits"], False].from_address(address).value = float(value)
            case "bool":
                ctypes.c_uint8.from_address(address).value = bool(value)
            case "enum":
                number = value.value if hasattr(value, "value") else value
                self.write(self._described_enums[of["symbol"]]["type"], address, number, held)
            case "struct" | "array":
                self._copy(of, address, value, held)
            case "address":
                ctypes.c_uint64.from_address(address).value = 0 if value is None else int(value)
            case "pointer":
                if value is not None and not isinstance(value, Reference):
                    raise TypeError(f"{value!r} is no reference: make one with program.new(...)")
                held.append([value])
                ctypes.c_uint64.from_address(address).value = 0 if value is None else value.address
            case "text":
                self._write_slice(_U8, address, value.encode() if isinstance(value, str) else value, held)
            case "slice":
                self._write_slice(of["element"], address, value, held)
            case "option":
                offsets, _ = self.place(self.members(of))
                ctypes.c_uint8.from_address(address + offsets[1]).value = value is not None
                if value is not None:
                    self.write(of["value"], address, value, held)
            case kind:
                raise TypeError(f"a test cannot give a {kind} to a program")

    def _copy(self, of: Described, address: int, value: Any, held: list[Any]) -> None:
        if isinstance(value, Reference):
            ctypes.memmove(address, value.address, self.size(of)[0])
        elif of["kind"] == "array" and isinstance(value, Sequence):
            place = Reference(self, of, address)
            for index, item in enumerate(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
                place[index] = item
        else:
            raise TypeError(f"{value!r} does not fill a {of['kind']}")

    def _write_slice(self, element: Described, address: int, value: Any, held: list[Any]) -> None:
        size, _ = self.size(element)
        if isinstance(value, Reference) and len(value):
            first, length = value.address, len(value)
        else:
            length = len(value)
            memory = ctypes.create_string_buffer(max(1, size * length))
            first = ctypes.addressof(memory)
            held.append([memory])
            if isinstance(value, bytes | bytearray):
                ctypes.memmove(first, bytes(value), length)
            else:
                for index, item in enumerate(value):
                    self.write(element, first + index * size, item, held)
            if isinstance(value, bytearray | list):
                # What the program stored goes back when it is done.
                def back(target: Any = value) -> None:
                    for index in range(length):
                        target[index] = self.read(element, first + index * size)

                held.append(back)
        ctypes.c_uint64.from_address(address).value = first
        ctypes.c_uint64.from_address(address + 8).value = length
