"""Drafts as JSON, in the settings and beside a picture, and read back from whatever a file may hold. Without Qt."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.core.depth import is_deep
from app.core.endpoint import Endpoint
from app.core.endpoint_file import endpoint_document
from app.core.errors import SchemaError
from app.core.keywords import is_number
from app.core.request import MOST_GROW, BlendSettings
from app.core.schema import read_endpoint
from app.state.settable import fitting

Json = Any

MOST_ENDPOINTS: Final = 500
"""Endpoints whose drafts are kept although they are not here (another program added them, or they were removed)."""


@dataclass(frozen=True)
class Drafts:
    """The chosen endpoint, the values of every endpoint by its key, and the blend."""

    endpoint: Endpoint
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    blend: BlendSettings = field(default_factory=BlendSettings)


def drafts_to_json(drafts: Drafts) -> dict[str, Json]:
    """``drafts`` as JSON. Of recorded versions only the chosen one is kept, with its document."""
    chosen = drafts.endpoint
    kept = {key: values for key, values in drafts.values.items() if values and (key == chosen.key or "@" not in key)}
    document: dict[str, Json] = {
        "endpoint": chosen.id,
        "values": copy.deepcopy(kept),
        "blend": {"grow": drafts.blend.grow, "feather": drafts.blend.feather},
    }
    if chosen.version:
        document["recorded"] = {"version": chosen.version, "document": endpoint_document(chosen)}
    return document


def drafts_from_json(saved: Json, endpoints: Sequence[Endpoint], otherwise: Endpoint) -> Drafts:
    """The drafts in ``saved`` as far as they make sense: what no longer fits is passed over.

    ``otherwise`` is the endpoint that is chosen where theirs is not among ``endpoints``.
    """
    members = as_mapping(saved)
    kept = as_mapping(members.get("values"))
    recorded = _recorded(as_mapping(members.get("recorded")))
    wanted = members.get("endpoint")
    chosen = recorded or next((known for known in endpoints if known.id == wanted), otherwise)
    known = {one.key: one for one in (*endpoints, chosen)}
    values = {key: fitting(one, kept.get(key)) for key, one in known.items()}
    strangers = [key for key in kept if key not in known and "@" not in key and _is_draft(kept[key])]
    values.update({key: copy.deepcopy(kept[key]) for key in strangers[:MOST_ENDPOINTS]})
    blend = as_mapping(members.get("blend"))
    return Drafts(chosen, values, BlendSettings(int(_width(blend.get("grow"))), _width(blend.get("feather"))))


def as_mapping(value: Json) -> Mapping[str, Json]:
    """``value`` where it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def _is_draft(values: Json) -> bool:
    return isinstance(values, dict) and not is_deep(values)


def _recorded(saved: Mapping[str, Json]) -> Endpoint | None:
    """The version that an old entry was made by, if one was chosen."""
    version = saved.get("version")
    if not isinstance(version, str) or not version:
        return None
    try:
        return replace(read_endpoint(saved.get("document")), version=version)
    except SchemaError:
        return None


def _width(value: Json) -> float:
    """A width in pixels from a saved file, 0 for anything that is none."""
    return float(value) if is_number(value) and 0 <= value <= MOST_GROW else 0.0
