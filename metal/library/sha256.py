"""SHA-256 (FIPS 180-4), over data that arrives in parts of any size."""

from __future__ import annotations

from metal import U8, W32, Array, Slice, View, array, rotr, struct, table, u8, u64, w32

ROUNDS: Array[w32] = table(
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
)  # fmt: skip

START: Array[w32] = table(
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
)


@struct
class Sha256:
    """`start`, then any number of `update`, then `finish`."""

    state: Array[w32] = array(8)
    block: Array[u8] = array(64)
    total: u64 = 0

    def start(self) -> None:
        self.state.copy_from(START)
        self.total = 0

    def update(self, data: View[u8]) -> None:
        """Take more data in."""
        filled = self.total % 64
        at: u64 = 0
        self.total += len(data)
        if filled > 0:
            at = 64 - filled if len(data) > 64 - filled else len(data)
            self.block[filled : filled + at].copy_from(data[:at])
            if filled + at < 64:
                return
            compress(self.state, self.block)
        while len(data) - at >= 64:
            compress(self.state, data[at : at + 64])
            at += 64
        rest = len(data) - at
        self.block[:rest].copy_from(data[at:])

    def finish(self, digest: Slice[u8]) -> None:
        """Write the 32 bytes of the digest."""
        filled = self.total % 64
        bits = self.total * 8
        self.block[filled] = 0x80
        self.block[filled + 1 :].fill(0)
        if filled >= 56:
            compress(self.state, self.block)
            self.block.fill(0)
        for i in range(8):
            self.block[63 - i] = U8(bits >> i * 8 & 0xFF)
        compress(self.state, self.block)
        for i in range(32):
            digest[i] = U8(self.state[i // 4] >> (24 - i % 4 * 8) & 0xFF)


def sha256(data: View[u8], digest: Slice[u8]) -> None:
    """Write the 32 bytes of the digest of data."""
    hash = Sha256()
    hash.start()
    hash.update(data)
    hash.finish(digest)


def compress(state: Slice[w32], block: View[u8]) -> None:
    """Mix one block of 64 bytes into the state."""
    w: Array[w32] = array(64)
    for i in range(16):
        high = (W32(block[i * 4]) << 24) | (W32(block[i * 4 + 1]) << 16)
        w[i] = high | (W32(block[i * 4 + 2]) << 8) | W32(block[i * 4 + 3])
    for i in range(16, 64):
        s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ (w[i - 15] >> 3)
        s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ (w[i - 2] >> 10)
        w[i] = w[i - 16] + s0 + w[i - 7] + s1
    a = state[0]
    b = state[1]
    c = state[2]
    d = state[3]
    e = state[4]
    f = state[5]
    g = state[6]
    h = state[7]
    for i in range(64):
        t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]
        t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
        h = g
        g = f
        f = e
        e = d + t1
        d = c
        c = b
        b = a
        a = t1 + t2
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e
    state[5] += f
    state[6] += g
    state[7] += h
