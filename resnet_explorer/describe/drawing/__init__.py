"""The picture of a unit as SVG, and a network on one strip: layout as values first, markup last."""
