"""Checks on the machine itself: the suite program, hostile programs, and the runner that boots them."""
