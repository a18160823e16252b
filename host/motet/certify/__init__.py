"""Proof that one source makes the system of every family: what was built of what by what, how it ran, signed."""
