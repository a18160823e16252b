"""The kernel's price: executed instructions of each way into it, counted on an emulated machine."""
