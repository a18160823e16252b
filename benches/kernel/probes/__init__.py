"""The loops whose instructions are counted, one module a CPU family."""
