"""One file per maker of statements: what it vouches for, and nothing unknown."""
