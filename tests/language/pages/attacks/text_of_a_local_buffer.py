"""Escape: text shows bytes, and the bytes of a local buffer end with its function."""
from metal import Array, Slice, View, appender, array, as_text, struct, u8, u32
from metal.library.text import Text


def by_as_text() -> str:
    a: Array[u8] = array(4)
    return as_text(a)  # error: M210 stack


def by_view_of_a_text() -> str:
    memory: Array[u8] = array(16)
    line = Text(memory)
    return line.view()  # error: M210 stack


def by_encoding() -> View[u8]:
    memory: Array[u8] = array(16)
    line = Text(memory)
    return line.view().encode()  # error: M210 stack


@struct
class Keeper:
    last: str = ""

    @appender
    def append(self, text: str) -> None:
        self.last = text


keeper: Keeper = Keeper()


def by_the_pieces_of_an_f_string(n: u32) -> None:
    keeper.append(f"{n}")  # error: M212 stack


def fine() -> None:
    keeper.append("constant")


def also_fine(s: Slice[u8]) -> str:
    line = Text(s)
    return line.view()
