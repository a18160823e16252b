"""Drivers: each a process with the registers and the interrupt of its device, and nothing else."""
