"""The part of a gradient probe that needs no torch: the settings and metrics, the findings, what theory predicts."""
