"""Sends the supervisor a fault message that no kernel would send."""

from typing import Final

from abi.start import FAULTS
from metal import U64
from system.app import seconds
from system.runtime.connection import Connection
from system.runtime.messages import Message

WORDS: Final = 7


def main() -> None:
    """Every word is as large as a word can be."""
    link = Connection(FAULTS, None, seconds(1))
    message = Message()
    message.begin(U64.MAX)
    for _ in range(WORDS):
        message.put(U64.MAX)
    if link.call(message, False) is None:
        print("it was answered")
