"""Tests of the command, its files and its messages."""
