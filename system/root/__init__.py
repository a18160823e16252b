"""Root: the first program, which has every handle for the first moments."""
