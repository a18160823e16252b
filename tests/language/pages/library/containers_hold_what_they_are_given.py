"""Lists, rings, maps, pools and bitmaps work in memory that their owner gives, and say when they are full."""
from metal import Array, array, struct, u8, u16, u32, u64
from metal.library.bitmaps import Bitmap
from metal.library.failures import Full
from metal.library.lists import List
from metal.library.maps import Map
from metal.library.pools import Pool, Slot
from metal.library.rings import Ring


@struct
class Lamp:
    level: u32 = 0


lamps: Array[Lamp] = array(2)
slots: Array[Slot] = array(2)


def test_a_list() -> None:
    memory: Array[u32] = array(2)
    numbers = List(memory)
    assert numbers.append(7) is None
    assert numbers.insert(0, 5) is None
    assert numbers.append(9) is Full.FULL
    assert numbers.count == 2
    assert numbers.get(0) == 5
    assert numbers.remove(0) == 5
    assert numbers.elements()[0] == 7


def test_a_ring() -> None:
    memory: Array[u16] = array(2)
    ring = Ring(memory)
    assert ring.push(1) is None
    assert ring.push(2) is None
    assert ring.push(3) is Full.FULL
    assert ring.push_over(3)
    first = ring.pop()
    assert first is not None and first == 2
    assert ring.count == 1


def test_a_map() -> None:
    keys: Array[u64] = array(4)
    values: Array[u8] = array(4)
    taken: Array[bool] = array(4)
    ages: Map[u64, u8] = Map(keys, values, taken)
    n: u64 = 1 << 40
    assert ages.put(n, 1) is None
    assert ages.put(n, 2) is None
    assert ages.put(n + 1, 3) is None
    age = ages.get(n)
    assert age is not None and age == 2
    assert ages.remove(n)
    assert not ages.contains(n)
    assert ages.contains(n + 1)


def test_a_pool() -> None:
    pool = Pool(lamps, slots)
    id = pool.take()
    assert not isinstance(id, Full)
    lamp = pool.get(id)
    assert lamp is not None
    lamp.level = 4
    assert pool.release(id)
    assert pool.get(id) is None
    again = pool.take()
    assert not isinstance(again, Full)
    assert again != id
    assert lamps[0].level == 4


def test_a_bitmap() -> None:
    words: Array[u64] = array(2)
    bits = Bitmap(words)
    bits.set(70)
    first = bits.first_set()
    assert first is not None and first == 70
    assert bits.count() == 1
    bits.clear(70)
    assert bits.first_set() is None
