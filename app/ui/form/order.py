"""Which fields stand in front and which are folded away, decided by what the fields are, never by whose they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.core.endpoint import Endpoint, Field

_FROM_CANVAS: Final = ("picture", "mask")
_FIRST_ROLES: Final = ("prompt", "negative_prompt")
FEW: Final = 8
"""A form of at most this many fields folds nothing."""
_TUNED: Final = 6
"""Fields with a range or named values that stand in front besides those with a role."""
_MOST_IN_FRONT: Final = 60
"""A document that requires thousands of fields does not hold up the window: the rest is folded."""


def shown_fields(endpoint: Endpoint) -> tuple[Field, ...]:
    """The fields that people fill in, in the provider's order; picture and mask come from the canvas."""
    return tuple(field for field in endpoint.fields if field.role not in _FROM_CANVAS)


def split(endpoint: Endpoint) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The fields in front (the prompts first, then the provider's order) and the rarely used ones."""
    fields = shown_fields(endpoint)
    if len(fields) <= FEW:
        return _prompts_first(fields), ()
    aside = _aside(endpoint)
    tuned = [field for field in fields if field.path not in aside and field.role is None and _is_tuned(field)][:_TUNED]
    front = [
        field
        for field in fields
        if field.required or field in tuned or (field.role is not None and field.path not in aside)
    ]
    front = front[:_MOST_IN_FRONT]
    return _prompts_first(front), tuple(field for field in fields if field not in front)


def _prompts_first(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(sorted(fields, key=lambda field: (*_FIRST_ROLES, field.role).index(field.role)))


def _is_tuned(field: Field) -> bool:
    """Whether a field is one that people try out by hand: named values, or a number between two bounds."""
    if field.enum:
        return True
    low = field.minimum if field.minimum is not None else field.exclusive_minimum
    high = field.maximum if field.maximum is not None else field.exclusive_maximum
    return field.kind in ("integer", "number") and low is not None and high is not None


def _aside(endpoint: Endpoint) -> set[str]:
    """Fields that are deprecated, or count only under a condition on another field."""
    conditional = (rule for rule in endpoint.rules if rule.get("rule") == "only_when")
    names = {str(name) for rule in conditional for name in _list(rule.get("fields"))}
    properties = endpoint.input.get("properties")
    if isinstance(properties, Mapping):
        nodes = ((str(name), node) for name, node in properties.items() if isinstance(node, Mapping))
        names |= {name for name, node in nodes if node.get("deprecated")}
    return names


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
