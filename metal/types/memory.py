"""The only ways to speak of memory: `Ptr`, `Array`, `Slice`, `View`, `Shared`, and the unsafe `RawPtr`.

An `Array` is inline storage, a `Slice` is a pointer and a length over such storage, a `View` is a slice that only
reads, a `Ptr` is a reference to one struct. Under CPython an array is a list that knows how to make its elements, and
a slice is a window on it, so that aliasing is the same in both worlds.
"""

from __future__ import annotations

import copy
import linecache
import re
import sys
from typing import TYPE_CHECKING, Annotated, Any, Generic, Protocol, TypeVar, get_args

from metal.types.copies import copied, is_storage, overwrite
from metal.types.numbers import U64, u8, u64

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_N = TypeVar("_N")

Ptr = Annotated[T, "ptr"]
"""A reference to a struct, never None; `Ptr[T] | None` may be None. To a type checker it is the struct itself."""

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import SupportsIndex, overload

    class View(Protocol[T_co]):
        """A pointer and a length over elements that are only read; a Slice, an Array and bytes pass for it."""

        def __len__(self) -> int: ...
        def __iter__(self) -> Iterator[T_co]: ...
        @overload
        def __getitem__(self, index: SupportsIndex, /) -> T_co: ...
        @overload
        def __getitem__(self, index: slice, /) -> View[T_co]: ...
        def __getitem__(self, index: SupportsIndex | slice, /) -> Any: ...

    class Slice(Generic[T]):
        """A pointer and a length: every index is checked, `s[a:b]` is a narrower slice of the same elements."""

        def __len__(self) -> int: ...
        def __iter__(self) -> Iterator[T]: ...
        @overload
        def __getitem__(self, index: SupportsIndex, /) -> T: ...
        @overload
        def __getitem__(self, index: slice, /) -> Slice[T]: ...
        def __getitem__(self, index: SupportsIndex | slice, /) -> Any: ...
        def __setitem__(self, index: SupportsIndex, value: T, /) -> None: ...
        def fill(self, value: T, /) -> None:
            """Store value in every element."""
            ...

        def copy_from(self, source: View[T], /) -> None:
            """Copy a source of the same length (else trap) over the elements; the two may overlap."""
            ...

    class Array(Slice[T]):
        """Inline storage for a fixed number of elements: a field, a global, or a local made by `array(n)`."""

    class RawPtr(Generic[T]):
        """An unchecked pointer to elements; only modules with `UNSAFE: Final = True` may use it."""

        def __getitem__(self, index: SupportsIndex, /) -> T: ...
        def __setitem__(self, index: SupportsIndex, value: T, /) -> None: ...
        def __add__(self, count: u64, /) -> RawPtr[T]: ...

    class Shared(Generic[T]):
        """Elements in memory that another process may change at any time: copied in, copied out, or used atomically.

        It is never a Slice and gives no reference, so nothing can be checked in it and then fetched a second time.
        """

        def __len__(self) -> int: ...
        def read(self, index: u64, /) -> T:
            """One fetch of one number."""
            ...

        def write(self, index: u64, value: T, /) -> None:
            """One store of one number."""
            ...

        def copy_out(self, start: u64, destination: Slice[T], /) -> None:
            """Copy as many elements as destination holds, from start on."""
            ...

        def copy_in(self, start: u64, source: View[T], /) -> None:
            """Copy all of source to the elements from start on."""
            ...

        def fetch(self, index: u64, into: T, /) -> None:
            """Copy one struct out, into storage of our own."""
            ...

        def put(self, index: u64, value: T, /) -> None:
            """Copy one struct of our own in."""
            ...

        def load(self, index: u64, order: str = ..., /) -> T: ...
        def store(self, index: u64, value: T, order: str = ..., /) -> None: ...
        def add(self, index: u64, value: T, order: str = ..., /) -> T: ...
        def cas(self, index: u64, old: T, new: T, order: str = ..., /) -> bool: ...

    def array(length: int, /, *lengths: int, init: bool = True) -> Array[Any]:
        """Inline storage for length elements; more lengths make arrays of arrays. `init=False` leaves it unset."""
        ...

    def table(*values: object) -> Array[Any]:
        """Read-only constant data: numbers, structs, or functions."""
        ...

    def comptime(function: _N, /) -> _N:
        """Full Python that runs while the program is compiled; its result enters the program through `const`."""
        ...

    def const(value: object, /) -> Any:
        """The value of an expression over `@comptime` functions, made while compiling; a list becomes constant data."""
        ...

    @overload
    def raw(of: type[_N], address: u64, /) -> RawPtr[_N]: ...
    @overload
    def raw(of: object, address: u64, /) -> RawPtr[Any]: ...
    def raw(of: object, address: u64, /) -> RawPtr[Any]:
        """The elements at an address (UNSAFE modules only)."""
        ...

    def raw_of(elements: View[_N], /) -> RawPtr[_N]:
        """The address of the first element, for foreign functions (UNSAFE or FOREIGN modules only)."""
        ...

    def ptr_at(of: type[_N], address: u64, /) -> _N:
        """The struct at an address, which is not 0 (UNSAFE modules only)."""
        ...

    @overload
    def slice_at(of: type[_N], address: u64, length: u64, /) -> Slice[_N]: ...
    @overload
    def slice_at(of: object, address: u64, length: u64, /) -> Slice[Any]: ...
    def slice_at(of: object, address: u64, length: u64, /) -> Slice[Any]:
        """A slice over memory at an address (UNSAFE modules only)."""
        ...

    @overload
    def shared_at(of: type[_N], address: u64, length: u64, /) -> Shared[_N]: ...
    @overload
    def shared_at(of: object, address: u64, length: u64, /) -> Shared[Any]: ...
    def shared_at(of: object, address: u64, length: u64, /) -> Shared[Any]:
        """Shared elements at an address (UNSAFE modules only)."""
        ...

    def addr_of(place: object, /) -> U64:
        """The address of a struct, an array, a slice's first element, or a function (UNSAFE modules only)."""
        ...

    def as_text(data: View[u8], /) -> str:
        """Bytes that are known to be UTF-8, seen as text; nothing is copied or checked."""
        ...

    def assign(target: _N, value: _N, /) -> None:
        """Copy every field of a struct (or every element of an array) into storage of the same type."""
        ...

else:

    class View(Generic[T]):
        """A window on elements; under CPython the same thing as a Slice."""

    class Slice(View[T]):
        """A window [start, stop) on a list that others may see too."""

        def __init__(self, base, start, stop):
            self._base, self._start, self._stop = base, start, stop

        def __len__(self):
            return self._stop - self._start

        def __iter__(self):
            return (self._base[self._start + index] for index in range(len(self)))

        def _at(self, index):
            if not 0 <= index < len(self):
                raise IndexError(f"index {index} outside 0..{len(self) - 1}")
            return self._start + index

        def __getitem__(self, index):
            return window(self, index) if isinstance(index, slice) else self._base[self._at(index)]

        def __setitem__(self, index, value):
            self._base[self._at(index)] = value

        def fill(self, value):
            for index in range(len(self)):
                self[index] = value

        def __metal_inline__(self):
            return self._base.__metal_inline__()

        def copy_from(self, source):
            if len(source) != len(self):
                raise IndexError(f"{len(source)} elements do not fill {len(self)}")
            if len(self) > 0 and self.__metal_inline__():
                # All is copied before anything is overwritten, because the two may overlap.
                for place, value in zip(list(self), [copied(item) for item in source], strict=True):
                    overwrite(place, value)
            else:
                for index, value in enumerate(list(source)):
                    self[index] = value

    class Array(Slice[T]):
        """A list of fixed length that makes its elements from the annotation beside it when they are first used."""

        def __init__(self, lengths, element=None, values=None):
            self._lengths, self._element, self._values = lengths, element, values

        @property
        def _base(self):
            if self._values is None:
                self._values = [self._make() for _ in range(self._lengths[0])]
            return self._values

        @property
        def _start(self):
            return 0

        @property
        def _stop(self):
            return self._lengths[0] if self._values is None else len(self._values)

        def _make(self):
            if len(self._lengths) > 1:
                return Array(self._lengths[1:], self._element)
            return zero_of(self._element() if self._element is not None else None)

        def __metal_inline__(self):
            return len(self._lengths) > 1 or (self._element is not None and is_storage(zero_of(self._element())))

        def __metal_elements__(self, values):
            self._values = values

        def __deepcopy__(self, memo):
            values = None if self._values is None else copy.deepcopy(self._values, memo)
            return Array(self._lengths, self._element, values)

        def element_type(self):
            """The type of an element as the annotation gave it, or None."""
            return self._element() if self._element is not None else None

    class RawPtr(Generic[T]):
        """Raw memory does not exist under CPython."""

    class Shared(Generic[T]):
        """Shared memory does not exist under CPython."""

    def window(elements, bounds):
        """The slice `elements[a:b]`, refusing what metal refuses: a step, a negative bound, a bound past the end."""
        low = 0 if bounds.start is None else bounds.start
        high = len(elements) if bounds.stop is None else bounds.stop
        if bounds.step is not None or not 0 <= low <= high <= len(elements):
            raise IndexError(f"slice {low}:{high} outside 0..{len(elements)}")
        return Slice(elements, low, high)

    def zero_of(element):
        """The first value of an element whose annotation gave this type."""
        if isinstance(element, type) and hasattr(element, "__metal_fields__"):
            return element()
        if element is bool:
            return False
        members = getattr(element, "__members__", None)
        if members:
            return next((m for m in members.values() if m.value == 0), None)
        if type(None) in get_args(element):
            return None
        return 0.0 if "float" in str(element) else 0

    def _element_beside(frame):
        """How to find the element type in the annotation on the line that calls `array`, once it is needed."""
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        match = re.search(r":\s*(?:Final\[)?((?:Array\[)+)(.*?)\]+\s*=\s*array\(", line)
        if match is None:
            return None
        text, names = match.group(2), frame.f_globals
        text += "]" * (text.count("[") - text.count("]"))
        return lambda: eval(text, names)

    def array(length, *lengths, init=True):
        return Array((length, *lengths), _element_beside(sys._getframe(1)))

    def table(*values):
        return Array((len(values),), None, list(values))

    def comptime(function):
        return function

    def const(value):
        return Array((len(value),), None, list(value)) if isinstance(value, (list, tuple)) else value

    def assign(target, value):
        overwrite(target, copied(value))

    def as_text(data):
        return bytes(data).decode()

    def _refuse(name):
        def refused(*arguments):
            raise RuntimeError(f"{name} needs the memory of a compiled program; CPython has none to show")

        refused.__name__ = name
        return refused

    raw, raw_of, ptr_at, slice_at, shared_at, addr_of = map(
        _refuse, ("raw", "raw_of", "ptr_at", "slice_at", "shared_at", "addr_of")
    )
