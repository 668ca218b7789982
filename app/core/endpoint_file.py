"""An endpoint -> the endpoint file that describes it, in the form that ``app.core.schema`` reads back unchanged."""

import math
from collections.abc import Mapping
from typing import Any, Final

from app.core.endpoint import ROLES, Endpoint
from app.core.keywords import tidy

Json = Any

FORMAT: Final = 1
_DEEPEST: Final = 200
"""Levels that are written; what a reader keeps is never as deep."""


def endpoint_document(endpoint: Endpoint) -> dict[str, Json]:
    """``endpoint`` as JSON without NaN: its schemas, binding (null for a role that no field has), rules and sizes.

    ``read_endpoint`` makes the same endpoint of it, apart from what is said of this copy only: ``own``, ``version`` and
    ``problems``.
    """
    document: dict[str, Json] = {
        "format": FORMAT,
        "id": endpoint.id,
        "title": endpoint.title,
        "provider": endpoint.provider,
        "description": _kept_text(endpoint.description),
        "input": endpoint.input,
        "output": endpoint.output,
        "binding": _binding(endpoint),
        "rules": list(endpoint.rules),
        "sizes": [list(size) for size in endpoint.sizes],
        "source": endpoint.source,
    }
    written = _plain(document, 0)
    assert isinstance(written, dict)
    return written


def _binding(endpoint: Endpoint) -> dict[str, Json]:
    binding = endpoint.binding
    names = ("polarity", "width", "height", "crop", "context", "results", "seed_out", "flags")
    return {
        **{role: binding.roles.get(role) for role in ROLES},
        **{name: getattr(binding, name) for name in names},
    }


def _kept_text(text: str) -> str:
    """``text`` so that reading does not take its lines for indented ones: a line break in front keeps them."""
    return text if tidy(text) == text else f"\n{text}"


def _plain(value: Json, depth: int) -> Json:
    """A copy made of plain JSON: mappings become dicts, tuples lists, what is no number null."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {str(key): _plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, depth + 1) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
