"""Mendbrush: paint a mask, send it, compare what comes back."""
