"""What firmware says about the machine."""
