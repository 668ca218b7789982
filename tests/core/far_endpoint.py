"""Endpoints made up for a test, and random limits of numbers."""

from typing import Any

from hypothesis import strategies as st

from app.core.endpoint import Endpoint
from app.core.schema import read_endpoint

Json = Any

NUMBERS = st.integers(-50, 50) | st.floats(-50, 50).map(lambda number: round(number, 2))
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "minimum": NUMBERS, "maximum": NUMBERS, "exclusiveMinimum": NUMBERS, "exclusiveMaximum": NUMBERS,
        "multipleOf": st.sampled_from([0.001, 0.1, 0.25, 1, 3, 8]),
    },
)  # fmt: skip


def endpoint(name: str = "far/b", /, *, rules: Json = None, binding: Json = None, **fields: Json) -> Endpoint:
    document = {"id": name, "provider": "far", "input": {"type": "object", "properties": fields}}
    return read_endpoint({**document, "rules": rules or [], "binding": binding or {}})
