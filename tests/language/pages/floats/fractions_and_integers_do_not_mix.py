"""An integer variable meets a fraction only through a conversion, and fractions have no `//`."""
from metal import f32, f64, u32


def f(a: f64, b: u32) -> f64:
    return a + b  # error: M011 u32 where f64 is wanted


def g(a: f64, b: f32) -> f64:
    return a * b  # error: M011 f32 where f64 is wanted


def h(a: u32) -> u32:
    return a + 1.5  # error: M010 u32


def i(a: f64) -> f64:
    return a & a  # error: M016 f64
