"""Foreign functions need `FOREIGN: Final = True`, and have no body."""
from metal import foreign, u64


@foreign  # error: M081 FOREIGN
def llabs(x: u64) -> u64: ...
