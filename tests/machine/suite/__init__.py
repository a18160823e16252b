"""The suite program: one root program that makes the kernel's checks on a device, and tells each result in a line."""
