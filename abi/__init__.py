"""What separately built programs agree on: kernel, services and the host read the same constants and records."""
