"""The kernel on the pretend machine: a trap goes in, registers come out."""
