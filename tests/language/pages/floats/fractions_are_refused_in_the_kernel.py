"""A kernel program leaves the floating-point registers alone."""
# kernel
from metal import export, f64, u32


def half(x: f64) -> f64:  # error: M082 f64
    return x


@export
def kmain(x: u32) -> u32:
    return x
