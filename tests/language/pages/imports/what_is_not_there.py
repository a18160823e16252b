"""A missing module or name is reported where it is imported, once."""
from helpers.nowhere import something  # error: M004 helpers.nowhere



def f() -> bool:
    return something()
