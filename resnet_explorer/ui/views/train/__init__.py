"""The view Train: what will be trained, the curves as they come, and what is seen in them."""
