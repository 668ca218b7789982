"""How deep a JSON value is nested: what goes deeper than any endpoint asks for is not taken over."""

from typing import Any, Final

Json = Any

DEEPEST: Final = 32
"""Levels of lists and objects inside one another that a value may have. Python's own copying ends at some hundred."""


def deeper(value: Json, levels: int = DEEPEST) -> bool:
    """Whether lists and objects lie more than ``levels`` deep in one another."""
    layer = [value]
    for _ in range(levels + 1):
        layer = [
            part
            for item in layer
            if isinstance(item, dict | list)
            for part in (item.values() if isinstance(item, dict) else item)
        ]
        if not layer:
            return False
    return True
