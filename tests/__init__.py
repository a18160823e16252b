"""Tests: see docs/ and each folder for what they prove."""
