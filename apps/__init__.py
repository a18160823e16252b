"""Apps: the shell and the examples, written as a user writes an app."""
