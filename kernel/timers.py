"""Each CPU's timers: a complete binary heap, so that setting and stopping one takes at most log2(timers) steps.

The heap is made of the timers' own cells. Sorting exchanges which timer a cell holds; when a timer leaves, its own cell
must leave too, so the cell at the end takes that cell's place.
"""

from __future__ import annotations

from kernel.structures import Cell, Timer, Timers
from metal import U64, Ptr, leading_zeros, u64


def earlier(one: Ptr[Cell], other: Ptr[Cell]) -> bool:
    """Whether the first cell's timer comes before the second's."""
    a = one.timer
    b = other.timer
    if a is None or b is None:
        return False
    return a.time < b.time


def exchange(one: Ptr[Cell], other: Ptr[Cell]) -> None:
    """Let two cells hold each other's timers."""
    a = one.timer
    b = other.timer
    one.timer = b
    other.timer = a
    if a is not None:
        a.cell = other
    if b is not None:
        b.cell = one


def cell_at(timers: Ptr[Timers], position: u64) -> Ptr[Cell] | None:
    """The cell at a position, counted from 1 along the levels: the bits below the highest say left or right."""
    cell = timers.root
    bit = 63 - leading_zeros(position)
    while bit > 0 and cell is not None:
        bit -= 1
        if (position >> bit) & 1 == 1:
            cell = cell.right
        else:
            cell = cell.left
    return cell


def rise(cell: Ptr[Cell]) -> None:
    """Move a timer towards the root as long as it is earlier than what stands above."""
    while True:
        parent = cell.parent
        if parent is None:
            return
        if not earlier(cell, parent):
            return
        exchange(cell, parent)
        cell = parent


def sink(cell: Ptr[Cell]) -> None:
    """Move a timer away from the root as long as something below is earlier."""
    while True:
        below = cell.left
        if below is None:
            return
        right = cell.right
        if right is not None and earlier(right, below):
            below = right
        if not earlier(below, cell):
            return
        exchange(cell, below)
        cell = below


def start(timers: Ptr[Timers], timer: Ptr[Timer], time: u64) -> None:
    """Set a timer that is not set."""
    timer.time = time
    timer.queued = True
    timers.count += 1
    cell = timer.own
    cell.timer = timer
    cell.left = None
    cell.right = None
    timer.cell = cell
    cell.parent = None
    if timers.count == 1:
        timers.root = cell
        timers.first = time
        return
    parent = cell_at(timers, timers.count >> 1)
    if parent is None:
        return
    cell.parent = parent
    if timers.count & 1 == 1:
        parent.right = cell
    else:
        parent.left = cell
    rise(cell)
    note_first(timers)


def note_first(timers: Ptr[Timers]) -> None:
    """Remember when the earliest is due, where whoever sets the CPU's timer finds it at once."""
    timer = earliest(timers)
    if timer is not None:
        timers.first = timer.time


def detach(timers: Ptr[Timers], cell: Ptr[Cell]) -> None:
    """Take the last cell out of the heap's shape."""
    parent = cell.parent
    if parent is None:
        timers.root = None
    elif parent.right is cell:
        parent.right = None
    else:
        parent.left = None


def take_place(timers: Ptr[Timers], old: Ptr[Cell], new: Ptr[Cell]) -> None:
    """Put a cell where another stands."""
    parent = old.parent
    left = old.left
    right = old.right
    new.parent = parent
    new.left = left
    new.right = right
    if parent is None:
        timers.root = new
    elif parent.left is old:
        parent.left = new
    else:
        parent.right = new
    if left is not None:
        left.parent = new
    if right is not None:
        right.parent = new


def stop(timers: Ptr[Timers], timer: Ptr[Timer]) -> None:
    """Stop a timer that is set."""
    cell = timer.cell
    last = cell_at(timers, timers.count)
    if cell is None or last is None:
        return
    if last is not cell:
        exchange(cell, last)
    detach(timers, last)
    timers.count -= 1
    own = timer.own
    if last is not own:
        # The cell at the end belongs to a timer that stays, and ours stands somewhere in the heap.
        take_place(timers, own, last)
        held = own.timer
        last.timer = held
        if held is not None:
            held.cell = last
        if cell is own:
            cell = last
    timer.queued = False
    timer.cell = None
    own.timer = None
    own.parent = None
    own.left = None
    own.right = None
    if cell is not last or last is not own:
        settle(cell)
    note_first(timers)


def settle(cell: Ptr[Cell]) -> None:
    """Bring the timer that came into a cell to where it belongs."""
    if cell.timer is None:
        return
    rise(cell)
    sink(cell)


def earliest(timers: Ptr[Timers]) -> Ptr[Timer] | None:
    """The timer that is due first."""
    root = timers.root
    if root is None:
        return None
    return root.timer


def first_time(timers: Ptr[Timers]) -> u64:
    """When the first timer is due; the largest number when there is none."""
    return timers.first if timers.count > 0 else U64.MAX
