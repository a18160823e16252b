"""The supervisor: hears of every fault and end, and starts again what the plan wants to live."""
