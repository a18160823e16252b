"""What the calls do, one file a kind of object."""
