"""The types of errors that fal.ai and Pydantic name, in our own words."""

from collections.abc import Mapping
from typing import Any

Json = Any


def words_of(error: Mapping[str, Json]) -> str:
    """One error in a sentence."""
    told = error.get("msg")
    return " ".join(told[:2000].split())[:300] if isinstance(told, str) else "This was refused."
