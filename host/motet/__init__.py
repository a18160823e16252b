"""Motet on the developer's machine: compiles programs, lays images, runs and tests them on emulated devices."""
