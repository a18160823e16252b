"""A stand-in for the emulator: a process that speaks the console's frames, told what to do by its image.

Its image (the file behind -kernel) is a list of JSON steps, one a line, so that the host's side can be tested without a
kernel.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from motet.frames import Decoder, Frame, encode

LINE = sys.stdout.buffer


def main() -> None:
    """Does what the steps say, in order."""
    image = Path(sys.argv[sys.argv.index("-kernel") + 1])
    decoder = Decoder()
    for line in image.read_text().splitlines():
        step = json.loads(line)
        if "raw" in step:
            LINE.write(step["raw"].encode())
        elif "kind" in step:
            LINE.write(encode(Frame(step["kind"], 1, bytes.fromhex(step["payload"]))))
        elif "echo" in step:
            # Sends back what it was sent, until that many frames came.
            received: list[Frame] = []
            while len(received) < step["echo"]:
                data = os.read(0, 1)
                received += [item for item in decoder.feed(data) if isinstance(item, Frame)]
            for frame in received:
                LINE.write(encode(Frame(step["as"], 1, bytes([frame.kind]) + frame.payload)))
        elif "sleep" in step:
            LINE.flush()
            time.sleep(step["sleep"])
        LINE.flush()


main()
