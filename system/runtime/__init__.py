"""What every program stands on: its start, the kernel's calls, output, messages, threads and time."""
