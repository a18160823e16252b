"""An enum may have negative, wide and many-valued members."""
# cpython
from enum import IntEnum

from metal import I32, I64, U64, struct, u32


class Signed(IntEnum):
    LOW = -129
    ZERO = 0
    HIGH = 127


class Wide(IntEnum):
    SMALL = 1
    LARGE = 0x1_0000_0000


@struct
class Holder:
    signed: Signed = Signed.LOW
    wide: Wide = Wide.LARGE


def below_zero(s: Signed) -> bool:
    return s < 0


def pick(w: Wide) -> u32:
    match w:
        case Wide.SMALL:
            return 1
        case Wide.LARGE:
            return 2


def test_values() -> None:
    h = Holder()
    assert I32(h.signed) == -129
    assert U64(h.wide) == 4294967296
    assert below_zero(h.signed)
    assert not below_zero(Signed.ZERO)
    assert pick(h.wide) == 2
    assert I64(Signed.HIGH) + 1 == 128
    assert Signed(-129) is Signed.LOW
