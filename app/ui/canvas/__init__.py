"""The canvas: the picture with its mask, drawn from pyramids, and what the hand does to it."""
