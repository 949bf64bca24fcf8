"""Where people and programs come in. Doors only translate."""
