"""The part of a gradient probe that needs no torch: what is measured, what is found, what theory predicts."""
