"""Shows what things are, side by side."""
