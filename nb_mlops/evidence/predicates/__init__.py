"""One file, one kind of statement: what its maker vouches for, and nothing unknown. See evidence/kind.py."""
