"""The view Structure: units side by side, the whole network, and one lane in detail."""
