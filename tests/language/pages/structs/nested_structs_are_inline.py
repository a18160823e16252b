"""A field that is a struct is part of its owner, and is reached through it."""
# cpython
from metal import i32, struct


@struct
class Point:
    x: i32 = 0
    y: i32 = 0

    def move(self, dx: i32, dy: i32) -> None:
        self.x += dx
        self.y += dy


@struct
class Line:
    start: Point = Point()
    end: Point = Point(3, 4)

    def length_squared(self) -> i32:
        dx = self.end.x - self.start.x
        dy = self.end.y - self.start.y
        return dx * dx + dy * dy


def test_defaults_of_the_parts() -> None:
    a = Line()
    assert a.start.x == 0
    assert a.end.y == 4
    assert a.length_squared() == 25


def test_a_part_is_changed_in_place() -> None:
    a = Line()
    a.start.move(1, 1)
    a.end.x = 5
    assert a.start.y == 1
    assert a.length_squared() == 25
