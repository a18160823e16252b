"""CPU families: one folder each, all shaped by contract.py."""
