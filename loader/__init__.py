"""The loader: what UEFI firmware starts from a disk, and what starts the kernel in turn."""
