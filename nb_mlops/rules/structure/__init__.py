"""Structure: what will be hard when the notebook becomes a package (ST)."""
