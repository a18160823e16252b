"""Functions run from call to return: `yield`, `async` and `await` are refused."""
from metal import u32


def f(n: u32) -> u32:
    yield n  # error: M002 yield


async def g(n: u32) -> u32:  # error: M002 async
    return n
