"""The frozen data that every room speaks. Standard library and msgspec only; nothing here reads the world."""
