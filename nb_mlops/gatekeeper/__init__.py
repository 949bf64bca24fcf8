"""Statements and Policy to a Verdict. Pure."""
