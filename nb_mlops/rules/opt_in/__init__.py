"""Rules of every family that are off until selected: useful to some, or not right often enough to be on for all."""
