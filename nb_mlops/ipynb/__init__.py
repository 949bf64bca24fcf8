"""Bytes to Notebook and back, to the byte. Pure."""
