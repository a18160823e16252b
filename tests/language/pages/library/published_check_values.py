"""Checksums and digests give the values that their standards publish."""
from metal import Array, View, array, u8
from metal.library.crc import crc16, crc32
from metal.library.sha256 import sha256


def digest_begins(data: View[u8], a: u8, b: u8, c: u8, d: u8) -> bool:
    digest: Array[u8] = array(32)
    sha256(data, digest)
    return digest[0] == a and digest[1] == b and digest[30] == c and digest[31] == d


def test_crc() -> None:
    assert crc32(b"123456789") == 0xCBF43926
    assert crc16(b"123456789") == 0x29B1
    assert crc32(b"") == 0
    assert crc32(b"56789", crc32(b"1234")) == 0xCBF43926


def test_sha256() -> None:
    assert digest_begins(b"", 0xE3, 0xB0, 0xB8, 0x55)
    assert digest_begins(b"abc", 0xBA, 0x78, 0x15, 0xAD)
    assert digest_begins(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 0x24, 0x8D, 0x06, 0xC1)
