"""Parameters as JSON text, for the clipboard: written in one form, read in the forms that people have.

Read are our own form, a bare object of values as a provider's page shows it, the same inside ``{"input": {...}}``, and
what the history keeps of a job or a result. The text may come from anywhere: its size and depth are bounded.
"""

import copy
import json
import math
from collections.abc import Mapping
from typing import Any, Final

from app.core.depth import is_deep
from app.core.endpoint import FROM_CANVAS, Endpoint
from app.core.errors import InputError
from app.core.hidden import free_of_secrets

Json = Any

LARGEST: Final = 1 << 20
"""Bytes of a text that is read."""
DEEPEST: Final = 32
MOST_VALUES: Final = 2000
LONGEST_NAME: Final = 200
_DIGITS: Final = 300
_INSIDE: Final = ("values", "input", "arguments")
"""Where the values lie when they are not the object itself: ours, then the words of fal's clients."""
_BESIDE: Final = frozenset({
    "endpoint", "endpoint_id", "format", "name", "note", "blend", "model", "app", "id", "title", "logs", "mode",
    "webhook_url", "webhookUrl", "output", "request_id", "status",
})  # fmt: skip
"""What such a wrapper may have beside it; any other name makes it a field of that name."""
_NOT_ONE: Final = 'This is no set of parameters: copy a JSON object such as {"prompt": "...", "seed": 7}.'


def parameters_document(endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, Json]:
    """``values`` with the endpoint that they are for, without keys, picture and mask; a copy to be written as JSON."""
    canvas = {field.path for field in endpoint.fields if field.role in FROM_CANVAS}
    kept = {name: copy.deepcopy(value) for name, value in free_of_secrets(values).items() if name not in canvas}
    return {"endpoint": endpoint.id, "values": kept}


def read_parameters(text: str) -> tuple[str, dict[str, Json]]:
    """The endpoint's id ("" when it is not said) and the values in ``text``. Raises InputError in words."""
    document = read_json(_unfenced(text), "This")
    if not isinstance(document, dict):
        raise InputError(_NOT_ONE)
    named = document.get("endpoint", document.get("endpoint_id"))
    endpoint = named if isinstance(named, str) and len(named) <= LONGEST_NAME else ""
    values = _values(document)
    if not values and not endpoint:
        raise InputError("There are no values in this text: copy the parameters again.")
    return endpoint, checked_values(values, "This")


def _unfenced(text: str) -> str:
    """``text`` without the fence (three backticks) that chats and notes put round JSON."""
    bare = text.strip()
    if not (bare.startswith("```") and bare.endswith("```") and "\n" in bare):
        return text
    return bare[bare.index("\n") + 1 : -3]


def read_json(text: str | bytes, what: str) -> Json:
    """What ``text`` says as JSON; ``what`` opens the sentence of a refusal.

    Raises InputError for a text over 1 MB, deep nesting, numbers that are none, and names that stand twice.
    """
    size = len(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    if size > LARGEST:
        raise InputError(f"{what} is larger than 1 MB; parameters are much smaller than that.")
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InputError(f"{what} is empty: copy the parameters again.")
    try:
        document = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite, parse_int=_short
        )
    except InputError as error:
        raise InputError(f"{what} {error}") from error
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"{what} is not JSON{where}. Parameters are a JSON object in braces.") from error
    if is_deep(document, DEEPEST):
        raise InputError(f"{what} is nested more than {DEEPEST} levels deep. Give simpler values.")
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"{what} has half a character in it, which cannot be sent: copy it again.") from error
    return document


def checked_values(values: Json, what: str) -> dict[str, Json]:
    """``values`` if they are an object of a usable number of names. Raises InputError in words."""
    if not isinstance(values, dict):
        raise InputError(f"{what} holds no values by name.")
    if len(values) > MOST_VALUES:
        raise InputError(f"{what} names more than {MOST_VALUES} values; no endpoint has so many fields.")
    if any(len(name) > LONGEST_NAME for name in values):
        raise InputError(f"{what} has a name of more than {LONGEST_NAME} characters; no field has such a name.")
    return values


def _values(document: dict[str, Json]) -> dict[str, Json]:
    """The values in a document of any of the forms: those inside a wrapper, else the object itself."""
    recorded = "format" in document and isinstance(document.get("values"), dict)
    for name in _INSIDE:
        inside = document.get(name)
        # A field of the endpoint may be called "input" too: a wrapper has only its own kind beside it.
        if isinstance(inside, dict) and (recorded or document.keys() <= {name, *_BESIDE}):
            return inside
    return {name: value for name, value in document.items() if name not in ("endpoint", "endpoint_id")}


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise InputError(f"names {twice[:60]!r} twice: keep one of the two.")
    return found


def _no_number(name: str) -> Json:
    raise InputError(f"holds {name}, which is not a number that can be sent.")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number("a number beyond all limits")


def _short(text: str) -> int:
    if len(text) > _DIGITS:
        raise InputError(f"holds a number of more than {_DIGITS} digits, which cannot be sent.")
    return int(text)
