"""Chips that stand beside the CPU: interrupt controllers, timers, consoles."""
