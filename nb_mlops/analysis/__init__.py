"""A notebook, read closely. Pure."""
