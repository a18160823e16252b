"""How firmware starts the loader on each CPU family, and how the loader starts the kernel there."""
