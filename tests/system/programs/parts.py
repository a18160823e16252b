"""What the runtime gives a program: arguments, threads with their own signals, memory from the grant, timers."""

from metal import Atomic, u8, u64
from system.app import (
    Arguments,
    Error,
    NoMemory,
    Ticker,
    current_thread,
    granted_bytes,
    granted_left,
    granted_words,
    join_thread,
    milliseconds,
    now,
    signal_thread,
    sleep,
    start_thread,
    wait_for_bits,
)  # fmt: skip

sum_of_both: Atomic[u64] = Atomic(0)
heard: Atomic[u64] = Atomic(0)


def main(arguments: Arguments) -> u8:
    """Runs each part and says what came of it."""
    for index in range(arguments.count()):
        print(f"argument {arguments.text(index)}")
    threads()
    memory()
    timers()
    return 7


def threads() -> None:
    """Two threads that add, one that waits to be signalled."""
    first = start_thread(add_up, 100, 20)
    second = start_thread(add_up, 1000, 20)
    listener = start_thread(listen, 0, 20)
    if isinstance(first, Error) or isinstance(second, Error) or isinstance(listener, Error):
        print("no thread")
        return
    join_thread(first)
    join_thread(second)
    print(f"sum {sum_of_both.load()}")
    sleep(milliseconds(5))
    if signal_thread(listener, 5) is None:
        join_thread(listener)
    print(f"heard {heard.load()}")
    again = start_thread(add_up, 1, 20)
    if not isinstance(again, Error):
        join_thread(again)
        print(f"reused {again == first}, this is thread {current_thread()}")


def add_up(last: u64) -> None:
    """Adds all numbers up to the last."""
    for value in range(1, last + 1):
        sum_of_both.add(value)


def listen(argument: u64) -> None:
    """Waits for a signal, and once more for one that does not come."""
    heard.store(wait_for_bits(milliseconds(5000)) + argument)
    heard.add(wait_for_bits(milliseconds(1)) * 100)


def memory() -> None:
    """Takes memory until none is left."""
    piece = granted_bytes(1000)
    words = granted_words(100)
    if isinstance(piece, NoMemory) or isinstance(words, NoMemory):
        print("no memory")
        return
    piece[999] = 1
    words[99] = 1
    before = granted_left()
    print(f"zeroed {piece[0] == 0 and words[0] == 0}")
    too_much = granted_bytes(before + 1)
    rest = granted_bytes(before)
    print(f"refused {isinstance(too_much, NoMemory)}, all of the rest {not isinstance(rest, NoMemory)}")
    print(f"left {granted_left()}")


def timers() -> None:
    """Five beats of ten milliseconds."""
    ticker = Ticker()
    start = now()
    ticker.start(milliseconds(10))
    for _ in range(5):
        ticker.wait()
    print(f"five beats take fifty milliseconds {now() - start >= milliseconds(50)}")
