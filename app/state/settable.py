"""What of an endpoint can be set by hand, and when two endpoints ask for the same. Without Qt."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from app.core.depth import is_deep
from app.core.endpoint import FROM_CANVAS, Binding, Endpoint, Field, Role
from app.core.rules import TYPE, types_in

Json = Any

_SENT_ROLES: Final[tuple[Role, ...]] = ("picture", "mask", "seed", "size")
"""Roles by which a request is made up; the others matter to the panel only."""

AS_RECORDED: Final = " (as recorded)"


def settable(endpoint: Endpoint) -> set[str]:
    """The names under which a value is kept: every field but those of picture and mask, and the checkpoint's type where
    the endpoint's rules speak of types."""
    names = {field.path for field in endpoint.fields if field.role not in FROM_CANVAS}
    return names | {TYPE} if types_in(endpoint.rules) else names


def paths_of(endpoint: Endpoint, roles: tuple[Role, ...]) -> set[str]:
    """The fields of these roles, and those of width and height where the size has two."""
    sizes = {endpoint.binding.width, endpoint.binding.height} if "size" in roles else set()
    return {field.path for field in endpoint.fields if field.role in roles} | sizes - {""}


def fitting(endpoint: Endpoint, values: Json) -> dict[str, Json]:
    """A copy of what in ``values`` has a name that ``endpoint`` knows, but for what is nested too deep."""
    names = settable(endpoint)
    kept = values if isinstance(values, Mapping) else {}
    return {path: copy.deepcopy(kept[path]) for path in kept if path in names and not is_deep(kept[path])}


def same(one: Json, other: Json) -> bool:
    """Equal as JSON: 1, 1.0 and true are three things."""
    return type(one) is type(other) and bool(one == other) and repr(one) == repr(other)


def stands(one: Mapping[str, Json], other: Mapping[str, Json], path: str) -> bool:
    """Whether both have the same value there, or both none."""
    if path in one and path in other:
        return same(one[path], other[path])
    return path not in one and path not in other


def sends_the_same(one: Endpoint, other: Endpoint) -> bool:
    """Whether equal values make equal requests.

    Titles, help and sections do not count, nor does where the answer keeps its pictures, nor the role of a field that
    only the panel treats in a way of its own (prompts, strength, format).
    """
    return (
        one.id == other.id
        and one.provider == other.provider
        and _sending(one.binding) == _sending(other.binding)
        and [_bare(field) for field in one.fields] == [_bare(field) for field in other.fields]
    )


def as_made_by(recorded: Endpoint, present: Endpoint | None) -> Endpoint:
    """The endpoint to repeat a request with: ``present`` where it asks for the same, else the ``recorded`` version."""
    if present is not None and sends_the_same(recorded, present):
        return present
    title = recorded.title if recorded.title.endswith(AS_RECORDED) else recorded.title + AS_RECORDED
    return replace(recorded, title=title, version=recorded.version or "recorded", own=False)


def _sending(binding: Binding) -> Binding:
    """The binding without what says nothing about the request."""
    roles = {role: name for role, name in binding.roles.items() if role in _SENT_ROLES}
    return replace(binding, roles=roles, results="", seed_out="", flags="")


def _bare(field: Field) -> Field:
    """The field without what is only shown."""
    children = tuple(_bare(child) for child in field.children)
    shown = {"title": "", "description": "", "examples": (), "group": "", "labels": ()}
    role = field.role if field.role in _SENT_ROLES else None
    return replace(field, **shown, role=role, multiline=False, deprecated=False, rare=False, children=children)  # type: ignore[arg-type]  # all are texts or empty
