"""Well-known algorithms in typed Python, measured against hand-written C of the same work (reference.c)."""

from __future__ import annotations

from typing import Final

from metal import U32, U64, W32, Array, Slice, array, export, i64, rotr, table, u8, u32, u64, w32, w64

# fmt: off
K: Array[w32] = table(
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
)
# fmt: on

DIM: Final = 64
crc_table: Array[u32] = array(256)

# Rows of fixed length and numbers that wrap: the form in which the compiler can prove every index and use vectors.
matrix_a: Array[Array[w64]] = array(DIM, DIM)
matrix_b: Array[Array[w64]] = array(DIM, DIM)
matrix_c: Array[Array[w64]] = array(DIM, DIM)


@export
def sha256_block(st: Slice[w32], blk: Slice[u8]) -> None:
    w: Array[w32] = array(64)
    for i in range(16):
        w[i] = (W32(blk[i * 4]) << 24) | (W32(blk[i * 4 + 1]) << 16) | (W32(blk[i * 4 + 2]) << 8) | W32(blk[i * 4 + 3])
    for i in range(16, 64):
        s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ (w[i - 15] >> 3)
        s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ (w[i - 2] >> 10)
        w[i] = w[i - 16] + s0 + w[i - 7] + s1
    a = st[0]
    b = st[1]
    c = st[2]
    d = st[3]
    e = st[4]
    f = st[5]
    g = st[6]
    h = st[7]
    for i in range(64):
        t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]
        t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
        h = g
        g = f
        f = e
        e = d + t1
        d = c
        c = b
        b = a
        a = t1 + t2
    st[0] += a
    st[1] += b
    st[2] += c
    st[3] += d
    st[4] += e
    st[5] += f
    st[6] += g
    st[7] += h


@export
def crc32_init() -> None:
    for n in range(256):
        c = U32(n)
        for _ in range(8):
            if c & 1 == 1:
                c = 0xEDB88320 ^ (c >> 1)
            else:
                c = c >> 1
        crc_table[n] = c


@export
def crc32(data: Slice[u8]) -> u32:
    c: u32 = 0xFFFFFFFF
    for b in data:
        c = crc_table[(c ^ U32(b)) & 0xFF] ^ (c >> 8)
    return c ^ 0xFFFFFFFF


@export
def insertion_sort(a: Slice[i64]) -> None:
    for i in range(1, len(a)):
        x = a[i]
        j = i
        while j > 0 and a[j - 1] > x:
            a[j] = a[j - 1]
            j -= 1
        a[j] = x


@export
def matmul(c: Slice[i64], a: Slice[i64], b: Slice[i64]) -> None:
    for i in range(DIM):
        for j in range(DIM):
            s: i64 = 0
            for k in range(DIM):
                s += a[i * DIM + k] * b[k * DIM + j]
            c[i * DIM + j] = s


@export
def matrix_set(row: u64, column: u64, a: w64, b: w64) -> None:
    matrix_a[row][column] = a
    matrix_b[row][column] = b


@export
def matrix_multiply() -> None:
    for i in range(DIM):
        for j in range(DIM):
            s: w64 = 0
            for k in range(DIM):
                s += matrix_a[i][k] * matrix_b[k][j]
            matrix_c[i][j] = s


@export
def matrix_get(row: u64, column: u64) -> w64:
    return matrix_c[row][column]


@export
def copy(dst: Slice[u8], src: Slice[u8]) -> None:
    for i in range(len(src)):
        dst[i] = src[i]


@export
def sieve(flags: Slice[u8]) -> u64:
    n = U64(len(flags))
    count: u64 = 0
    for i in range(n):
        flags[i] = 1
    for i in range(2, n):
        if flags[i] != 0:
            count += 1
            j = i + i
            while j < n:
                flags[j] = 0
                j += i
    return count
