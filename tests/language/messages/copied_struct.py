"""A common mistake: copied struct."""

from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Point:
    x: u32 = 0


@struct
class Line:
    start: Point = Point()
    end: Point = Point()


def close(line: Ptr[Line]) -> None:
    line.end = line.start
