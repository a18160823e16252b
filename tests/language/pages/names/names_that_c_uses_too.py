"""A Python name may be a word of C, of its library, or of the generated code: nothing changes."""
# cpython
from metal import Array, Slice, array, struct, u8, u32, u64

auto: u32 = 1
errno: u32 = 2
stdin: u32 = 3
NULL: u32 = 4
INT_MAX: u32 = 5
_start: u32 = 6


@struct
class union:
    int: u32 = 0
    char: u8 = 1
    default: u32 = 2
    p: u64 = 3
    n: u64 = 4


@struct
class Slice_u8:
    p: u32 = 7


def double(long: u32, short: u32) -> u32:
    static: u32 = long + short
    register: u32 = static * 2
    return register


def memcpy(volatile: u32) -> u32:
    return volatile + 1


def main(extern: u32) -> u32:
    return extern + 2


def abort() -> u32:
    return 9


def malloc(size: u32) -> u32:
    sizeof = size
    return sizeof + 3


def shared_names(r__: u32, a__: u32, b__: u32) -> u32:
    i__ = r__ + a__
    n__ = i__ * b__
    d__ = n__ // a__
    q__ = d__ - r__
    t1_ = q__ % b__
    t2_ = t1_ << r__
    return t2_ + n__


def elements(s: Slice[u32], i__: u32, p: u64, n: u64) -> u32:
    s__ = s[p : p + n]
    return s__[i__]


def trap(line: u32, kind: u32, type: u32) -> u32:
    return line + kind * type


def METAL_FILE(TRAP: u32, CHECK: u32, ADD: u32) -> u32:
    return TRAP + CHECK - ADD


def test_globals_and_fields() -> None:
    u = union()
    assert auto + errno + stdin + NULL + INT_MAX + _start == 21
    assert u.int == 0
    assert u.char == 1
    assert u.default == 2
    assert u.p + u.n == 7
    assert Slice_u8().p == 7


def test_functions() -> None:
    assert double(3, 4) == 14
    assert memcpy(1) == 2
    assert main(1) == 3
    assert abort() == 9
    assert malloc(1) == 4


def test_names_of_the_generated_code() -> None:
    assert shared_names(2, 3, 4) == 20
    a: Array[u32] = array(4)
    a[2] = 8
    assert elements(a, 1, 1, 2) == 8
    assert trap(1, 2, 3) == 7
    assert METAL_FILE(5, 6, 7) == 4
