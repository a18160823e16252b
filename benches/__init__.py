"""Measurements: one folder a question; `motet bench NAME` runs its `measure.py`."""
