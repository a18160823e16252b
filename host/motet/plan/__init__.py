"""The plan of an image: what boards/*.toml and images/*.toml say, read, checked and made into objects."""
