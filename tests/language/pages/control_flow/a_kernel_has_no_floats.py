"""A kernel computes with integers: floating-point registers belong to the programs that it runs."""
# kernel
from metal import export, f64, u32


@export
def kmain(n: u32) -> bool:
    half: f64 = 0.5  # error: M082 half
    total = half + half  # error: M082 total
    return total > half
