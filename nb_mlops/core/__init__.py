"""The frozen data that every room speaks. Standard library only; nothing here reads the world."""
