"""Notebook to Findings. Pure."""
