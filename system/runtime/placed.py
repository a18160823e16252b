"""The services placed inside this program as functions; the build puts the image's list in the place of this one."""


def register_all() -> None:
    """Lets each placed service register its object."""
