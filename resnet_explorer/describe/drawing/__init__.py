"""Pictures of a unit, of a whole network and of its strip: layout and shapes as values first, markup last."""
