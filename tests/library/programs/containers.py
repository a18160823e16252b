"""Containers of the library behind functions that take and give plain numbers."""

from __future__ import annotations

from typing import Final

from metal import I64, U64, Array, array, export, i64, struct, u8, u16, u32, u64
from metal.library.bitmaps import Bitmap
from metal.library.failures import Full
from metal.library.lists import List
from metal.library.maps import Map
from metal.library.pools import Pool, Slot
from metal.library.rings import Ring

CAPACITY: Final = 5
NOTHING: Final = -1

# ---- a list ----

list_memory: Array[u32] = array(CAPACITY)
numbers: List[u32] = List(list_memory)


@export
def list_append(value: u32) -> bool:
    return not isinstance(numbers.append(value), Full)


@export
def list_insert(index: u64, value: u32) -> bool:
    return not isinstance(numbers.insert(index, value), Full)


@export
def list_pop() -> i64:
    value = numbers.pop()
    return NOTHING if value is None else I64(value)


@export
def list_remove(index: u64) -> u32:
    return numbers.remove(index)


@export
def list_remove_unordered(index: u64) -> u32:
    return numbers.remove_unordered(index)


@export
def list_get(index: u64) -> u32:
    return numbers.get(index)


@export
def list_put(index: u64, value: u32) -> None:
    numbers.put(index, value)


@export
def list_count() -> u64:
    return numbers.count


@export
def list_clear() -> None:
    numbers.clear()


# ---- a ring ----

ring_memory: Array[u16] = array(CAPACITY)
ring: Ring[u16] = Ring(ring_memory)


@export
def ring_push(value: u16) -> bool:
    return not isinstance(ring.push(value), Full)


@export
def ring_push_over(value: u16) -> bool:
    return ring.push_over(value)


@export
def ring_pop() -> i64:
    value = ring.pop()
    return NOTHING if value is None else I64(value)


@export
def ring_peek(offset: u64) -> u16:
    return ring.peek(offset)


@export
def ring_count() -> u64:
    return ring.count


# ---- a map ----

SLOTS: Final = 8
map_keys: Array[u64] = array(SLOTS)
map_values: Array[u8] = array(SLOTS)
map_taken: Array[bool] = array(SLOTS)
ages: Map[u64, u8] = Map(map_keys, map_values, map_taken)


@export
def map_put(key: u64, value: u8) -> bool:
    return not isinstance(ages.put(key, value), Full)


@export
def map_get(key: u64) -> i64:
    value = ages.get(key)
    return NOTHING if value is None else I64(value)


@export
def map_remove(key: u64) -> bool:
    return ages.remove(key)


@export
def map_count() -> u64:
    return ages.count


@export
def map_sum_of_keys() -> u64:
    """A walk over all entries."""
    total: u64 = 0
    slot = ages.next_taken(0)
    while slot is not None:
        total += ages.keys[slot]
        slot = ages.next_taken(slot + 1)
    return total


# ---- a pool ----


@struct
class Lamp:
    brightness: u32 = 0


lamps: Array[Lamp] = array(CAPACITY)
lamp_slots: Array[Slot] = array(CAPACITY)
pool: Pool[Lamp] = Pool(lamps, lamp_slots)


@export
def pool_take(brightness: u32) -> u64:
    """The id of a new lamp; 0, which is never an id, when the pool is full."""
    id = pool.take()
    if isinstance(id, Full):
        return 0
    lamp = pool.get(id)
    if lamp is not None:
        lamp.brightness = brightness
    return id


@export
def pool_get(id: u64) -> i64:
    lamp = pool.get(id)
    return NOTHING if lamp is None else I64(lamp.brightness)


@export
def pool_release(id: u64) -> bool:
    return pool.release(id)


@export
def pool_count() -> u64:
    return pool.count


@export
def pool_walk() -> u64:
    """The sum of all brightnesses."""
    total: u64 = 0
    index: u64 = 0
    id = pool.next_taken(index)
    while id is not None:
        lamp = pool.get(id)
        if lamp is not None:
            total += U64(lamp.brightness)
        index = (id & 0xFFFF_FFFF) + 1
        id = pool.next_taken(index)
    return total


@export
def pool_age(index: u64, generation: u32) -> None:
    """Pretend that a free slot was used often."""
    pool.slots[index].generation = generation


# ---- a bitmap ----

words: Array[u64] = array(3)
bits: Bitmap = Bitmap(words)


@export
def bit_put(index: u64, value: bool) -> None:
    bits.put(index, value)


@export
def bit_test(index: u64) -> bool:
    return bits.test(index)


@export
def bit_count() -> u64:
    return bits.count()


@export
def bit_first_set() -> i64:
    index = bits.first_set()
    return NOTHING if index is None else I64(index)


@export
def bit_first_clear() -> i64:
    index = bits.first_clear()
    return NOTHING if index is None else I64(index)


@export
def bit_next_set(start: u64) -> i64:
    index = bits.next_set(start)
    return NOTHING if index is None else I64(index)


@export
def bit_fill(value: bool) -> None:
    bits.fill(value)
