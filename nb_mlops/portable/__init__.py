"""Also runs where nb_mlops is not installed: the user's kernel, a generated package, a clean process.

Standard library at module top, relative imports only.
"""
