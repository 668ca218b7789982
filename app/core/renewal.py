"""A newer document for an endpoint that is here already: what we know beyond the provider's document is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.core.endpoint import ROLES, Endpoint
from app.core.endpoint_file import endpoint_document
from app.core.schema import read_endpoint

Json = Any

_FIELDS = ("context", "width", "height")
_ANSWERS = ("results", "seed_out", "flags")


def renewed(before: Endpoint, fetched: Endpoint) -> Endpoint:
    """``before`` with the schemas of ``fetched``: its id, title, binding and rules stay as far as their fields do.

    A role whose field is gone, or that had none, is read from the new schema.
    """
    document = endpoint_document(before)
    told = document.get("binding")
    binding = _binding(told if isinstance(told, Mapping) else {}, before, fetched)
    newer = {**document, "input": fetched.input, "output": fetched.output or before.output, "binding": binding}
    if before.own:
        newer["description"] = fetched.description or before.description
    after = read_endpoint(newer, name=before.id)
    return replace(after, source=fetched.source or before.source, own=before.own)


def _binding(told: Mapping[str, Json], before: Endpoint, fetched: Endpoint) -> dict[str, Json]:
    old, new = ({field.path for field in endpoint.fields} for endpoint in (before, fetched))
    kept: dict[str, Json] = {key: told[key] for key in ("polarity", "crop") if key in told}
    for key in _FIELDS:
        if told.get(key) in new:
            kept[key] = told[key]
    for key in _ANSWERS:
        if not fetched.output or _first(told.get(key)) in _names(fetched.output):
            kept[key] = told.get(key)
    for role in ROLES:
        path = told.get(role)
        # A role taken away on purpose stays away, unless the field that would take it is new.
        if path in new or (role in told and path is None and fetched.binding.roles.get(role) in old):
            kept[role] = path
    return kept


def _first(path: Json) -> str:
    return path.split(".")[0].removesuffix("[]") if isinstance(path, str) else ""


def _names(schema: Mapping[str, Json]) -> set[str]:
    found = schema.get("properties")
    return set(found) if isinstance(found, Mapping) else set()
