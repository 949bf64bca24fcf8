"""Secrets and personal values in a text: where they stand, and the text with them masked."""
