"""The price of a call: the same service as a function of its caller and as a process of its own."""
