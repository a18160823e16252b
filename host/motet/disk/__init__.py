"""Disk images: one file that UEFI firmware of several CPU families boots the same system from."""
