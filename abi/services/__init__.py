"""The interfaces of the system's own services: what a program imports to call one."""
