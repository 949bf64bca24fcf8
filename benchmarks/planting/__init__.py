"""What `planted.py` plants, where it plants it, and how what linters say is counted."""
