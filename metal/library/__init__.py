"""The standard library of typed Python: containers over memory that their owner gives, text, numbers, checksums."""
