"""Global storage is made before the program starts, with its defaults."""
# cpython
from metal import Array, array, struct, u8, u32


@struct
class Config:
    speed: u32 = 115200
    parity: bool = False
    name: Array[u8] = array(4)


config: Config = Config(speed=9600, parity=True)
other: Config = Config()
squares: Array[u32] = array(3)


def test_defaults() -> None:
    assert config.speed == 9600
    assert config.parity
    assert other.speed == 115200
    assert not other.parity
    assert config.name[3] == 0
    assert squares[2] == 0


def test_change() -> None:
    other.name[1] = 5
    assert config.name[1] == 0
    assert other.name[1] == 5
