"""Calls the meter many times and prints how many nanoseconds of the device's clock one call took, in hundredths."""

from typing import Final

from benches.services.meter import Meter
from metal import Array, array, u8
from system.app import FOREVER, CallError, connect, milliseconds, now, sleep

ROUNDS: Final = 1000
data: Array[u8] = array(1024)


def main() -> u8:
    """One line a case."""
    meter = connect(Meter, "meter")
    if isinstance(meter, CallError):
        return 1
    patient = connect(Meter, "meter", FOREVER)
    if isinstance(patient, CallError):
        return 1
    sleep(milliseconds(50))
    for _ in range(ROUNDS):
        if isinstance(meter.add(1), CallError):
            return 2
    start = now()
    for _ in range(ROUNDS):
        if isinstance(meter.add(1), CallError):
            return 2
    print(f"count {(now() - start) * 100 // ROUNDS} one number")
    start = now()
    for _ in range(ROUNDS):
        if isinstance(patient.add(1), CallError):
            return 2
    print(f"count {(now() - start) * 100 // ROUNDS} one number, without a time-out")
    for size in range(64, 1025, 960):
        start = now()
        for _ in range(ROUNDS):
            if isinstance(meter.take(data[0:size]), CallError):
                return 2
        print(f"count {(now() - start) * 100 // ROUNDS} {size} bytes")
    return 0
