"""Everything that runs on a device beside the kernel, each part a process."""
