"""The programs of the device: their pure parts compiled for this machine, and whole images on the emulated one."""
