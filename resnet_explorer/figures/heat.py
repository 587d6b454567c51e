"""The scale of the heat maps: perceptual, the same for every eye, dark to light (cividis; Nuñez et al. 2018)."""

from plotly.colors import sample_colorscale, sequential

SHADES = 64


def scale(shades: int = SHADES) -> list[str]:
    """Colours from the lowest to the highest value, as `rgb(r, g, b)`."""
    return [str(one) for one in sample_colorscale(sequential.Cividis, [at / (shades - 1) for at in range(shades)])]
