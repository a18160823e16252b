"""Modules that pages import, so that importing has something to reach."""
