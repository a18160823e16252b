"""A missing module or name is reported where it is imported, once."""
from helpers.nowhere import something  # error: helpers.nowhere



def f() -> bool:
    return something()
