"""Drivers of serial lines."""
