"""Format and hygiene (FM)."""
