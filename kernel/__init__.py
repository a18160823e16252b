"""The microkernel: begin with main.py for its start, with trap.py for the road of a call."""
