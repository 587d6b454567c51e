"""The rules of a unit as mathematics."""
