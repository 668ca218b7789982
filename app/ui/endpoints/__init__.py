"""Choosing an endpoint, adding one, and what is asked about one."""
