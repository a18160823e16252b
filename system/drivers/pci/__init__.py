"""Drivers of PCI host bridges: one module for each way to reach configuration space, and what they share."""
