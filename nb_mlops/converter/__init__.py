"""Notebook and what its run showed to a package with tests. Pure."""
