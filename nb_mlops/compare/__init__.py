"""Are two values the same? Pure."""
