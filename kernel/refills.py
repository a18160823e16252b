"""A context's budget: a short list of pieces, each with the time from which it may be used.

A unit used at u comes back at u + period or later. So in every window of one period at most the budget is used, however
the uses fall; a list that is too short only ever delays.
"""

from __future__ import annotations

from typing import Final

from kernel.limits import LEAST_BUDGET, REFILLS
from kernel.structures import Context
from metal import U8, U32, Ptr, noinline, u8, u64

RING: Final = REFILLS - 1


def position(context: Ptr[Context], index: u8) -> u8:
    """Where in the ring the piece at an index from the head stands."""
    return U8((U32(context.first) + U32(index)) & RING)


def head_time(context: Ptr[Context]) -> u64:
    """When the first piece may be used."""
    return context.times[context.first & RING]


def head_amount(context: Ptr[Context]) -> u64:
    """How much the first piece holds."""
    return context.amounts[context.first & RING]


def is_due(context: Ptr[Context], now: u64) -> bool:
    """Whether there is budget to be used now."""
    return context.count > 0 and head_time(context) <= now


def drop_head(context: Ptr[Context]) -> None:
    """Forget the first piece."""
    context.first = position(context, 1)
    context.count -= 1


def join_head(context: Ptr[Context]) -> None:
    """Let the first piece wait for the second."""
    amount = head_amount(context)
    drop_head(context)
    context.amounts[context.first & RING] += amount


def melt(context: Ptr[Context], now: u64) -> None:
    """Join the pieces that are due; what is due may be used from now on, not from then on."""
    if context.count > 1 and context.times[position(context, 1)] <= now:
        join_due(context, now)
    if context.count > 0 and head_time(context) < now:
        context.times[context.first & RING] = now


@noinline
def join_due(context: Ptr[Context], now: u64) -> None:
    """Join the pieces that are due to one."""
    while context.count > 1 and context.times[position(context, 1)] <= now:
        join_head(context)


def append(context: Ptr[Context], time: u64, amount: u64) -> None:
    """Add a piece behind the last."""
    place = position(context, context.count)
    context.times[place] = time
    context.amounts[place] = amount
    context.count += 1


def give_later(context: Ptr[Context], time: u64, amount: u64, may_join: bool) -> None:
    """Let an amount come back at a time or later."""
    if context.count == 0:
        append(context, time, amount)
        return
    last = position(context, context.count - 1)
    if may_join and context.times[last] + context.amounts[last] >= time:
        context.amounts[last] += amount
    elif context.count < context.limit:
        append(context, time, amount)
    else:
        delayed = time - context.amounts[last]
        if delayed > context.times[last]:
            context.times[last] = delayed
        context.amounts[last] += amount


def holds_more(context: Ptr[Context], amount: u64) -> bool:
    """Whether the head is worth running after this amount was taken from it."""
    held = head_amount(context)
    return held > amount and held - amount >= LEAST_BUDGET and context.count > 0


def charge_head(context: Ptr[Context], start: u64, amount: u64) -> None:
    """Take what was used since start from a head that holds more."""
    context.amounts[context.first & RING] -= amount
    give_later(context, start + context.period, amount, context.count > 1)


def charge(context: Ptr[Context], start: u64, amount: u64) -> None:
    """Take what was used since start; more than the head holds is a debt to the pieces behind it."""
    left = amount if amount < context.budget else context.budget
    while left > 0:
        head = context.first & RING
        part = context.amounts[head]
        emptied = part <= left
        if emptied:
            drop_head(context)
        else:
            part = left
            context.amounts[head] -= part
        give_later(context, start + context.period, part, emptied or context.count > 1)
        left -= part
    while context.count > 1 and head_amount(context) < LEAST_BUDGET:
        join_head(context)


def reserve(context: Ptr[Context], amount: u64) -> None:
    """Let the head wait until it holds an amount that is within the budget."""
    while context.count > 1 and head_amount(context) < amount:
        join_head(context)


def ready_amount(context: Ptr[Context], now: u64) -> u64:
    """What may be used now."""
    total: u64 = 0
    for index in range(U32(context.count)):
        place = position(context, U8(index))
        if context.times[place] <= now:
            total += context.amounts[place]
    return total


def configure(context: Ptr[Context], budget: u64, period: u64, now: u64) -> None:
    """Set budget and period; of what was not ready before, nothing is before one new period has passed."""
    ready = budget
    if context.budget > 0:
        ready = ready_amount(context, now)
        if ready > budget:
            ready = budget
    context.budget = budget
    context.period = period
    context.first = 0
    context.count = 0
    if ready > 0:
        append(context, now, ready)
    if budget > ready:
        append(context, now + period, budget - ready)


def move_budget(source: Ptr[Context], target: Ptr[Context], amount: u64) -> None:
    """Move part of a budget to a context without any; each unit keeps the time from which it may be used."""
    target.period = source.period
    target.budget = amount
    target.first = 0
    target.count = 0
    source.budget -= amount
    left = amount
    while left > 0:
        last = position(source, source.count - 1)
        part = source.amounts[last]
        time = source.times[last]
        if part <= left:
            source.count -= 1
        else:
            part = left
            source.amounts[last] -= part
        put_first(target, time, part)
        left -= part


def put_first(context: Ptr[Context], time: u64, amount: u64) -> None:
    """Add a piece before the others; in a full list it waits for the first of them."""
    if context.count < context.limit:
        context.first = position(context, RING)
        context.times[context.first] = time
        context.amounts[context.first] = amount
        context.count += 1
    else:
        context.amounts[context.first & RING] += amount
