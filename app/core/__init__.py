"""Pixels, masks, schemas and requests as plain data: no Qt, no network, no files, no clock, no environment."""
