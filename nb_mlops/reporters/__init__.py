"""A Report, as text for someone. Pure functions `render(report) -> str`."""
