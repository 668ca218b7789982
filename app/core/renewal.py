"""A newer document for an endpoint that is here already: what we know beyond the provider's document is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.core.endpoint import ROLES, Endpoint
from app.core.endpoint_file import endpoint_document
from app.core.field_reader import FieldReader
from app.core.references import target
from app.core.schema import read_endpoint

Json = Any

_FIELDS = ("context", "width", "height")
_ANSWERS = ("results", "seed_out", "flags")
_WORDS = ("title", "description")


def renewed(before: Endpoint, fetched: Endpoint, *, own_words: bool = False) -> Endpoint:
    """``before`` with the schemas of ``fetched``: its id, title, binding and rules stay as far as their fields do.

    A role whose field is gone, or that had none, is what ``fetched`` says. ``own_words`` also keeps what ``before``
    calls its fields, and how it describes them and itself: it was written by us, not by the provider.
    """
    newer = {
        **endpoint_document(before),
        "input": _in_our_words(fetched.input, before.input) if own_words else fetched.input,
        "output": fetched.output or before.output,
        "binding": _binding(before, fetched),
        "rules": list(fetched.rules or before.rules),
        "sizes": [list(size) for size in fetched.sizes or before.sizes],
    }
    if not own_words:
        newer["description"] = fetched.description or before.description
    after = read_endpoint(newer, name=before.id)
    return replace(after, source=fetched.source or before.source, own=before.own)


def _binding(before: Endpoint, fetched: Endpoint) -> dict[str, Json]:
    old, new = ({field.path for field in endpoint.fields} for endpoint in (before, fetched))
    kept: dict[str, Json] = {"polarity": before.binding.polarity, "crop": before.binding.crop}
    for role in ROLES:
        path, proposed = (endpoint.binding.roles.get(role) for endpoint in (before, fetched))
        # A role taken away on purpose stays away, unless the field that would take it is new.
        kept[role] = path if path in new or (path is None and proposed in old) else proposed
    for name in _FIELDS:
        path = getattr(before.binding, name)
        kept[name] = path if path in new else getattr(fetched.binding, name)
    answers = {field.path for field in FieldReader(fetched.output).fields(fetched.output)}
    for name in _ANSWERS:
        path = getattr(before.binding, name)
        stays = not fetched.output or path.split(".")[0].removesuffix("[]") in answers
        kept[name] = path if stays else getattr(fetched.binding, name)
    return kept


def _in_our_words(schema: Mapping[str, Json], ours: Mapping[str, Json]) -> Mapping[str, Json]:
    """``schema`` whose properties are called and described as in ``ours``, where both have them."""
    flat, known = (_flat(node) for node in (schema, ours))
    properties, mine = (node.get("properties") for node in (flat, known))
    if not isinstance(properties, Mapping) or not isinstance(mine, Mapping):
        return schema
    told = {
        name: _told(node, mine[name]) if isinstance(node, Mapping) and isinstance(mine.get(name), Mapping) else node
        for name, node in properties.items()
    }
    return {**flat, "properties": told}


def _told(node: Mapping[str, Json], ours: Mapping[str, Json]) -> dict[str, Json]:
    words = {key: ours[key] for key in _WORDS if isinstance(ours.get(key), str)}
    hints = {key: value for key, value in ours.items() if key.startswith("x-") and key not in node}
    return {**hints, **node, **words}


def _flat(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    """``schema`` itself instead of a bare reference to it."""
    found = target(schema, schema.get("$ref"))
    if "properties" in schema or not isinstance(found, Mapping):
        return schema
    rest = {key: value for key, value in schema.items() if key != "$ref"}
    return {**found, **rest}
