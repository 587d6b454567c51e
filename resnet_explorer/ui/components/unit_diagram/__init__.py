"""The drawing of a unit of each lane."""
