"""A run queue: per-priority FIFO lists and a bitmap, as a kernel would have it."""

from __future__ import annotations

from typing import Final

from metal import U32, U64, Array, Ptr, array, export, struct, u32, u64

NPRIO: Final = 32
NTASK: Final = 64
READY: Final = 1
RUNNING: Final = 2


@struct
class Task:
    id: u32 = 0
    prio: u32 = 0
    state: u32 = 0
    slices: u64 = 0
    next: Ptr[Task] | None = None

    def wake(self: Ptr[Task]) -> None:
        if self.state != READY:
            self.state = READY
            rq.push(self)


@struct
class Fifo:
    head: Ptr[Task] | None = None
    tail: Ptr[Task] | None = None


@struct
class RunQueue:
    bitmap: u32 = 0
    count: u64 = 0
    lists: Array[Fifo] = array(NPRIO)

    def push(self: Ptr[RunQueue], t: Ptr[Task]) -> None:
        q = self.lists[t.prio]
        t.next = None
        tail = q.tail
        if tail is None:
            q.head = t
        else:
            tail.next = t
        q.tail = t
        self.bitmap |= U32(1) << t.prio
        self.count += 1

    def pop(self: Ptr[RunQueue]) -> Ptr[Task] | None:
        p: u32 = 0
        while p < NPRIO:
            if (self.bitmap >> p) & 1 == 1:
                break
            p += 1
        if p == NPRIO:
            return None
        q = self.lists[p]
        t = q.head
        if t is None:
            return None
        q.head = t.next
        if q.head is None:
            q.tail = None
            self.bitmap &= ~(U32(1) << p)
        self.count -= 1
        return t


rq: RunQueue = RunQueue()
tasks: Array[Task] = array(NTASK)
switches: u64 = 0


@export
def setup(n: u32) -> None:
    for i in range(n):
        t = tasks[i]
        t.id = i
        t.prio = (i * 7) % NPRIO
        t.wake()


@export
def tick(rounds: u64) -> u64:
    global switches
    check: u64 = 0
    for _ in range(rounds):
        t = rq.pop()
        if t is None:
            break
        t.state = RUNNING
        t.slices += 1
        switches += 1
        t.prio = (t.prio + 5) % NPRIO
        check = (check * 31 + U64(t.id)) & 0xFFFFFFFF
        t.wake()
    return check
