"""Every name says where it comes from."""
from helpers.shapes import *  # error: *
