"""Mistakes of machine learning (ML)."""
