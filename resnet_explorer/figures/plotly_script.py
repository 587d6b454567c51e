"""The script that draws figures in a browser: it comes with plotly, so both are always of one version."""

from pathlib import Path

import plotly

VERSION: str = plotly.__version__
SCRIPT = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
