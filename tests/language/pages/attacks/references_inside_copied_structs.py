"""Escape: a struct that holds a reference to a local is copied out whole."""
from __future__ import annotations

from metal import Array, Ptr, View, array, assign, struct, u8


@struct
class Window:
    view: View[u8] = b""


@struct
class Pair:
    left: Window = Window()
    right: Window = Window()


saved: Window = Window()
pair: Pair = Pair()


def attack() -> None:
    a: Array[u8] = array(8)
    w = Window(a)
    assign(saved, w)  # error: M211 stack


def attack_inside() -> None:
    a: Array[u8] = array(8)
    p = Pair()
    p.left.view = a
    assign(pair, p)  # error: M211 stack


def attack_by_construction() -> None:
    a: Array[u8] = array(8)
    assign(saved, Window(a))  # error: M211 stack


def attack_by_return(w: Ptr[Window]) -> None:
    a: Array[u8] = array(8)
    w.view = a  # error: M211 a lives on this stack
