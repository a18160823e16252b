"""What separately built programs agree on: kernel, services, devices and the host read the same constants and records."""
