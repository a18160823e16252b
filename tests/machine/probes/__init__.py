"""What the suite can only say in assembly, one module a CPU family."""
