"""The language of residual units: text to blocks and back, the ops, and the layer that each op becomes.

Only the standard library comes in; an op knows shapes and counts, never a network or torch.
"""
