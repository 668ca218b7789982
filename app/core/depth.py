"""How deeply a value is nested: what is copied, compared or written level by level needs an end."""

from collections.abc import Mapping
from typing import Any, Final

Json = Any

MOST_LEVELS: Final = 64
"""Lists and groups within each other that a value may have; no endpoint asks for a tenth of it."""


def is_deep(value: Json, levels: int = MOST_LEVELS) -> bool:
    """Whether ``value`` has more than ``levels`` lists and groups within each other."""
    if not isinstance(value, list | Mapping):
        return False
    inner = value.values() if isinstance(value, Mapping) else value
    return levels <= 0 or any(is_deep(part, levels - 1) for part in inner)
