"""The Gradient flow view's routes: requests for a probe, and its figures and sentences streamed as they come."""
