"""Ports: registers that are not in memory. Whom they were handed out to reads and writes them through the kernel.

They are a Memory that nobody can map, so that they are derived, revoked and paid for like any other device.
"""

from __future__ import annotations

from abi.kernel import Error
from kernel.answers import DONE, refused
from kernel.arch.chosen import read_port, write_port
from kernel.objects.memory import memory_at_node
from kernel.structures import Node, Thread
from metal import Ptr, u64


def port_at(node: Ptr[Node], offset: u64, bytes: u64) -> u64 | Error:
    """The number of the port with this offset, all of whose bytes are the handle's."""
    memory = memory_at_node(node)
    if isinstance(memory, Error):
        return memory
    if not memory.ports or (bytes != 1 and bytes != 2 and bytes != 4):
        return Error.BAD_ARGUMENT
    if offset > memory.size or bytes > memory.size - offset:
        return Error.BAD_ARGUMENT
    return memory.base + offset


def read(thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """PORT_READ."""
    words = thread.frame.words
    port = port_at(node, words[0], words[1])
    if isinstance(port, Error):
        return refused(port)
    words[0] = read_port(port, words[1])
    return DONE


def write(thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """PORT_WRITE."""
    words = thread.frame.words
    port = port_at(node, words[0], words[1])
    if isinstance(port, Error):
        return refused(port)
    write_port(port, words[1], words[2])
    return DONE
