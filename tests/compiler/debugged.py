"""A lamp that is switched a few times: what the debugger tests stop in."""

from metal import U32, U64, Array, Ptr, array, struct, u8, u32, u64


@struct
class Lamp:
    level: u32 = 0
    switched: u64 = 0
    history: Array[u8] = array(4)


lamp: Lamp = Lamp()


def switch(lamp: Ptr[Lamp], level: u32) -> u64:
    before = lamp.level
    lamp.level = level
    lamp.switched += 1
    return lamp.switched + U64(before)


def main() -> u8:
    total: u64 = 0
    for step in range(3):
        change = switch(lamp, U32(step * 10))
        total += change
    print(f"total {total}")
    return 0
