"""`Atomic[T]`: a number or bool that several threads or CPUs may change, and the fence between plain accesses.

An order is a literal: "relaxed", "acquire", "release", "acq_rel" or "seq_cst".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:

    class Atomic(Generic[T]):
        """Storage for one number that is only reached by whole, ordered accesses."""

        def __init__(self, value: T, /) -> None: ...
        def load(self, order: str = "seq_cst", /) -> T: ...
        def store(self, value: T, order: str = "seq_cst", /) -> None: ...
        def exchange(self, value: T, order: str = "seq_cst", /) -> T:
            """Store value; the result is what was there before."""
            ...

        def add(self, value: T, order: str = "seq_cst", /) -> T:
            """Add and wrap; the result is what was there before. So it is for sub, and_, or_ and xor."""
            ...

        def sub(self, value: T, order: str = "seq_cst", /) -> T: ...
        def and_(self, value: T, order: str = "seq_cst", /) -> T: ...
        def or_(self, value: T, order: str = "seq_cst", /) -> T: ...
        def xor(self, value: T, order: str = "seq_cst", /) -> T: ...
        def cas(self, old: T, new: T, order: str = "seq_cst", /) -> bool:
            """Store new where old stands, and say whether it stood there."""
            ...

    def fence(order: str = "seq_cst", /) -> None:
        """Order the accesses before against those after, as other CPUs see them."""
        ...

else:

    class Atomic(Generic[T]):
        """One thread runs under CPython, so a plain value is atomic."""

        def __init__(self, value):
            self.value = value

        def load(self, order="seq_cst"):
            return self.value

        def store(self, value, order="seq_cst"):
            self.value = value

        def exchange(self, value, order="seq_cst"):
            before, self.value = self.value, value
            return before

        def add(self, value, order="seq_cst"):
            return self.exchange(self.value + value)

        def sub(self, value, order="seq_cst"):
            return self.exchange(self.value - value)

        def and_(self, value, order="seq_cst"):
            return self.exchange(self.value & value)

        def or_(self, value, order="seq_cst"):
            return self.exchange(self.value | value)

        def xor(self, value, order="seq_cst"):
            return self.exchange(self.value ^ value)

        def cas(self, old, new, order="seq_cst"):
            if self.value != old:
                return False
            self.value = new
            return True

    def fence(order="seq_cst"):
        pass
