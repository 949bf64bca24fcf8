"""The only rooms with windows: disk, git, kernels, keys and the registry enter here."""
