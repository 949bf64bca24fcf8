"""Secrets (SE)."""
