"""A message as words: the first eight travel in registers, the others in the thread's message page."""

from __future__ import annotations

from typing import Final

from abi.interface import CallError
from abi.kernel import LONG_WORDS, MESSAGE_HANDLES, MESSAGE_WORDS
from metal import I64, U32, U64, Array, Slice, View, Words, addr_of, array, f64, i64, raw, slice_at, struct, u8, u64
from system.runtime.calls import rights_of
from system.runtime.program import message_page
from system.runtime.texts import is_text

UNSAFE: Final = True

CAPACITY: Final = MESSAGE_WORDS + LONG_WORDS
WORD_BYTES: Final = 8
# What a service needs at most to hold the bytes of one call.
MESSAGE_BYTES: Final = LONG_WORDS * WORD_BYTES


@struct
class Message:
    """Filled by one side with `put`, emptied by the other with `take`, in the same order."""

    words: Words = Words()
    # How many words were put, or how many there are to take.
    count: u64 = 0
    taken: u64 = 0
    handles: u64 = 0
    handles_taken: u64 = 0
    # The answer may be longer than the registers.
    long_answer: bool = False
    # Something did not fit, or what came is not what was expected.
    spoiled: bool = False

    def begin(self, method: u64) -> None:
        """Starts a request."""
        self.words.w[0] = method
        self.count = 1
        self.handles = 0
        self.long_answer = False
        self.spoiled = False

    def put(self, word: u64) -> None:
        """Appends a word."""
        if self.count < MESSAGE_WORDS:
            self.words.w[self.count] = word
            self.count += 1
        elif self.count < CAPACITY:
            page = message_page()
            page.words[self.count - MESSAGE_WORDS] = word
            self.count += 1
        else:
            self.spoiled = True

    def put_unsigned(self, value: u64) -> None:
        """Appends an unsigned number."""
        self.put(value)

    def put_signed(self, value: i64) -> None:
        """Appends a signed number."""
        self.put(U64.wrap(value))

    def put_bool(self, value: bool) -> None:
        """Appends a truth value."""
        if value:
            self.put(1)
        else:
            self.put(0)

    def put_float(self, value: f64) -> None:
        """Appends a number with a fraction, bit by bit as it is."""
        cell: Array[f64] = array(1)
        cell[0] = value
        bits: u64 = raw(u64, addr_of(cell))[0]
        self.put(bits)

    def put_bytes(self, data: View[u8]) -> None:
        """Appends bytes with their number before them; they fill whole words, in the order of memory."""
        size = len(data)
        self.put(size)
        needed = words_for(size)
        if self.spoiled or needed > CAPACITY - self.count:
            self.spoiled = True
            return
        here = self.in_registers(self.count, size)
        if here > 0:
            # What the last word has beside the bytes must not be left from before.
            self.words.w[self.count + (here - 1) // WORD_BYTES] = 0
            slice_at(u8, addr_of(self.words) + self.count * WORD_BYTES, here).copy_from(data[0:here])
        if here < size:
            page = message_page()
            first = self.count + here // WORD_BYTES - MESSAGE_WORDS
            page.words[first + (size - here - 1) // WORD_BYTES] = 0
            slice_at(u8, addr_of(page.words) + first * WORD_BYTES, size - here).copy_from(data[here:size])
        self.count += needed

    def in_registers(self, word: u64, size: u64) -> u64:
        """How many of so many bytes, which begin at a word, travel in registers."""
        if word >= MESSAGE_WORDS:
            return 0
        room = (MESSAGE_WORDS - word) * WORD_BYTES
        return size if size < room else room

    def put_text(self, text: str) -> None:
        """Appends a text."""
        self.put_bytes(text.encode())

    def put_room(self, into: Slice[u8]) -> None:
        """Says how many bytes the answer may bring."""
        self.put(len(into))
        self.long_answer = True

    def expect(self, words: u64) -> None:
        """Says how many words the result takes at least; the answer has one more."""
        if words >= MESSAGE_WORDS:
            self.long_answer = True

    def put_handle(self, handle: u64) -> None:
        """Lets a handle travel along, with all the rights it has."""
        if self.handles == MESSAGE_HANDLES:
            self.spoiled = True
            return
        page = message_page()
        page.handles[self.handles] = handle
        page.rights[self.handles] = rights_of(handle)
        self.handles += 1

    def method(self) -> u64:
        """Which method is called."""
        return self.words.w[0]

    def take(self) -> u64:
        """The next word; 0, and the message is spoiled, when there is none."""
        if self.taken >= self.count:
            self.spoiled = True
            return 0
        place = self.taken
        self.taken += 1
        if place < MESSAGE_WORDS:
            return self.words.w[place]
        page = message_page()
        return page.words[place - MESSAGE_WORDS]

    def take_bool(self) -> bool:
        """The next truth value."""
        word = self.take()
        if word > 1:
            self.spoiled = True
        return word == 1

    def take_unsigned(self, bits: u64) -> u64:
        """The next unsigned number of so many bits."""
        word = self.take()
        if bits < 64 and word >> bits != 0:
            self.spoiled = True
            return 0
        return word

    def take_signed(self, bits: u64) -> i64:
        """The next signed number of so many bits."""
        value = I64.wrap(self.take())
        if bits < 64:
            limit = I64(1) << (bits - 1)
            if value >= limit or value < -limit:
                self.spoiled = True
                return 0
        return value

    def take_float(self) -> f64:
        """The next number with a fraction; every pattern of bits is one."""
        cell: Array[u64] = array(1)
        cell[0] = self.take()
        value: f64 = raw(f64, addr_of(cell))[0]
        return value

    def take_bytes(self, into: Slice[u8], start: u64) -> u64:
        """Copies the next bytes to a place in a buffer; the result is where they end."""
        size = self.take()
        if size > len(into) - start:
            self.spoiled = True
            return start
        self.unpack(into[start : start + size])
        return start + size

    def take_text(self, into: Slice[u8], start: u64) -> u64:
        """Copies the next text to a place in a buffer; bytes that are no text spoil the message."""
        end = self.take_bytes(into, start)
        if not is_text(into[start:end]):
            self.spoiled = True
            return start
        return end

    def take_room(self, into: Slice[u8], start: u64) -> u64:
        """Makes room for bytes that the answer will bring; they begin as zeros."""
        size = self.take()
        if size > len(into) - start:
            self.spoiled = True
            return start
        into[start : start + size].fill(0)
        return start + size

    def take_length(self, wanted: u64) -> None:
        """The next word is how many elements follow: another number than this side has spoils the message."""
        if self.take() != wanted:
            self.spoiled = True

    def take_filled(self, into: Slice[u8]) -> None:
        """Copies bytes of which both sides know how many there are: an array, or what the service has filled."""
        size = self.take()
        if size != len(into):
            self.spoiled = True
        else:
            self.unpack(into)

    def unpack(self, into: Slice[u8]) -> None:
        """Copies bytes out of the next words."""
        size = len(into)
        needed = words_for(size)
        if needed > self.count - self.taken:
            self.spoiled = True
            return
        here = self.in_registers(self.taken, size)
        if here > 0:
            into[0:here].copy_from(slice_at(u8, addr_of(self.words) + self.taken * WORD_BYTES, here))
        if here < size:
            page = message_page()
            first = self.taken + here // WORD_BYTES - MESSAGE_WORDS
            into[here:size].copy_from(slice_at(u8, addr_of(page.words) + first * WORD_BYTES, size - here))
        self.taken += needed

    def take_handle(self) -> u64:
        """The next handle that came along; 0, and the message is spoiled, when there is none."""
        page = message_page()
        if self.handles_taken >= self.handles:
            self.spoiled = True
            return 0
        self.handles_taken += 1
        return page.received[self.handles_taken - 1]

    def received(self, words: u64, handles: u64) -> None:
        """Says how many words and handles have come; the first word is known already."""
        self.count = words
        self.taken = 1
        self.handles = handles
        self.handles_taken = 0
        self.spoiled = words > CAPACITY

    def complete(self) -> bool:
        """Whether everything was there that the method wants."""
        return not self.spoiled

    def answer(self) -> None:
        """Starts the answer of a call that went well."""
        self.start_answer(0)

    def answer_error(self, error: CallError) -> None:
        """Answers with an error."""
        self.start_answer(U64(error.value))

    def refuse(self) -> None:
        """Answers a request that nobody understands."""
        self.start_answer(U64(CallError.REFUSED.value))

    def start_answer(self, outcome: u64) -> None:
        """The first word says how it went; nothing of the request is left in the others."""
        for index in range(MESSAGE_WORDS):
            self.words.w[index] = 0
        self.words.w[0] = outcome
        self.count = 1
        self.handles = 0
        self.spoiled = False

    def leave(self) -> None:
        """Tells the kernel how much of the message is in the page."""
        page = message_page()
        page.send_words = U32(words_beyond_registers(self.count))
        page.send_handles = U32(self.handles)

    def arrive(self) -> None:
        """Takes over what the kernel says of a long message."""
        page = message_page()
        self.received(MESSAGE_WORDS + U64(page.received_words), U64(page.received_handles))

    def deliver_here(self) -> None:
        """What the kernel does between two processes, done inside one: what was put is now there to be taken."""
        page = message_page()
        for index in range(self.handles):
            page.received[index] = page.handles[index]
        self.received(self.count, self.handles)


def words_beyond_registers(count: u64) -> u64:
    """How many of the words travel in the message page."""
    return count - MESSAGE_WORDS if count > MESSAGE_WORDS else 0


def words_for(size: u64) -> u64:
    """How many words hold so many bytes."""
    return (size + WORD_BYTES - 1) // WORD_BYTES
