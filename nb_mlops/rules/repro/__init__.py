"""Reproducibility (RE)."""
