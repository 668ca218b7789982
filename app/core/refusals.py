"""What a provider says when it refuses a request, as ``Refused`` with a sentence for each field that it names.

Read are both bodies of fal.ai (``detail`` as a list of Pydantic's errors or as text, with ``error_type``), Scenario's
``reason``/``message``/``error``/``detail`` with ``details``, and anything else. The ``input`` of an error is never
shown: it can be a whole picture, or a secret.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.core.endpoint import Endpoint
from app.core.errors import Refused
from app.core.place import within
from app.core.refusal_words import words_of

Json = Any

_MOST_ERRORS: Final = 50
_LONGEST: Final = 300
_ENVELOPES: Final = ("body", "query", "path")


def read_refusal(endpoint: Endpoint, status: int, document: Json) -> Refused:
    """The refusal that an answer with this HTTP ``status`` and JSON ``document`` (None for none) says. Never raises."""
    fields: dict[str, str] = {}
    general: list[str] = []
    for error in _errors(document):
        path, words = _landed(endpoint, error)
        if path:
            fields.setdefault(path, words)
        else:
            general.append(words)
    return Refused(_sentence(endpoint, status, fields, general or _told(document)), fields)


def _errors(document: Json) -> list[Mapping[str, Json]]:
    listed = document.get("detail") if isinstance(document, Mapping) else document
    return [error for error in listed[:_MOST_ERRORS] if isinstance(error, Mapping)] if isinstance(listed, list) else []


def _landed(endpoint: Endpoint, error: Mapping[str, Json]) -> tuple[str, str]:
    """The top-level field that an error names ("" for none), and the error in words."""
    location = error.get("loc")
    steps = [step for step in location if isinstance(step, str | int)] if isinstance(location, list) else []
    if steps and steps[0] in _ENVELOPES:
        steps = steps[1:]
    words = words_of(error)
    known = {field.path for field in endpoint.fields}
    if not steps or steps[0] not in known:
        return "", words
    path = str(steps[0])
    return path, within(endpoint, path, steps[1:]) + words


def _told(document: Json) -> list[str]:
    if isinstance(document, str):
        return [document]
    if not isinstance(document, Mapping):
        return []
    texts = (document.get(key) for key in ("reason", "message", "error", "detail"))
    return [text for text in texts if isinstance(text, str) and text.strip()][:1]


def _sentence(endpoint: Endpoint, status: int, fields: Mapping[str, str], general: list[str]) -> str:
    titles = {field.path: field.title for field in endpoint.fields}
    parts = [f"{titles.get(path, path)}: {words}" for path, words in fields.items()] + general
    told = " ".join(" ".join(parts).split())[:_LONGEST] or "no reason was given"
    return f"The provider refused the request ({status}): {told} Change it and try again."
