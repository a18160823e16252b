"""Drivers of VirtIO devices (Virtual I/O Device 1.2), behind memory-mapped registers or on PCI."""
