"""Personal data (PI)."""
