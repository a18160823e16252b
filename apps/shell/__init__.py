"""The shell: a line of words in, a command carried out."""
