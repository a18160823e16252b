"""Interrupts as notifications: one that fires is masked until its driver acknowledges it."""

from __future__ import annotations

from abi import rights
from abi.kernel import Error, Kind
from kernel import tree
from kernel.answers import DONE, refused
from kernel.casts import interrupt_of, notification_of
from kernel.chips.chosen import mask, unmask
from kernel.current import kernel
from kernel.handles import find, need
from kernel.objects.notification import post
from kernel.structures import Interrupt, Node, Place, Thread
from metal import Ptr, u32, u64


def interrupt_at_node(node: Ptr[Node]) -> Ptr[Interrupt] | Error:
    """The interrupt that a node names; the lookup has proved the kind."""
    header = node.object
    if header is None:
        return Error.NO_HANDLE
    return interrupt_of(header)


def fire(line: u32) -> None:
    """A device's line interrupted: mask it, and signal who is bound. Unbound, it stays masked."""
    mask(line)
    interrupt = kernel.lines[line].interrupt
    if interrupt is None:
        return
    header = interrupt.target.object
    if header is not None and not interrupt.target.dying:
        post(notification_of(header), interrupt.target.badge)


def bind(thread: Ptr[Thread], node: Ptr[Node], handle: u64, bits: u64) -> u64:
    """INTERRUPT_BIND; a level that is still asserted interrupts as soon as the line is heard."""
    interrupt = interrupt_at_node(node)
    if isinstance(interrupt, Error):
        return refused(interrupt)
    target = find(thread, handle, need(Kind.NOTIFICATION, rights.NOTIFICATION_SIGNAL))
    if isinstance(target, Error):
        return refused(target)
    header = target.object
    problem = tree.derivable(target)
    if isinstance(problem, Error):
        return refused(problem)
    if interrupt.target.object is not None:
        return refused(Error.BOUND)
    if bits == 0 or header is None or (target.badge != 0 and bits != target.badge):
        return refused(Error.BAD_ARGUMENT)
    interrupt.target.place = Place.INTERRUPT
    interrupt.target.holder = interrupt.header
    tree.fill(interrupt.target, header, rights.NOTIFICATION_SIGNAL, bits, target)
    unmask(interrupt.line)
    return DONE


def acknowledge(node: Ptr[Node]) -> u64:
    """INTERRUPT_ACKNOWLEDGE."""
    interrupt = interrupt_at_node(node)
    if isinstance(interrupt, Error):
        return refused(interrupt)
    if interrupt.target.object is None:
        return refused(Error.NOT_BOUND)
    unmask(interrupt.line)
    return DONE


def silence(interrupt: Ptr[Interrupt]) -> None:
    """The interrupt ends: mask its line, and give the line back."""
    mask(interrupt.line)
    kernel.lines[interrupt.line].interrupt = None
