"""Execution order and hidden state (EX)."""
