"""The comparison: two pictures under one zoom and pan, beside each other or with a divider to slide."""
