"""The vocabulary of typed Python: what a program imports from `metal`."""
