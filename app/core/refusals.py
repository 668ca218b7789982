"""What a provider says when it refuses a request, as ``Refused`` with a sentence for each field that it names.

Read are both bodies of fal.ai (``detail`` as a list of Pydantic's errors or as text, with ``error_type``), Scenario's
``reason``/``message``/``error``/``detail`` with ``details``, and anything else. The ``input`` of an error is never
shown: it can be a whole picture, or a secret.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from app.core.endpoint import Endpoint, Field
from app.core.errors import Refused
from app.core.keywords import is_number
from app.core.place import Step, field_at, real_steps, title_at, within
from app.core.refusal_words import LONGEST, plain, words_of
from app.core.sentences import NEEDED, is_needed, spell

Json = Any

_MOST_ERRORS: Final = 50
_MOST_FIELDS_TOLD: Final = 3
_DEEPEST: Final = 3
"""Objects inside objects that are searched for a sentence."""
_ENVELOPES: Final = ("body", "query", "path")
_OF_THE_PICTURE: Final = ("image_too_small", "image_too_large", "image_load_error", "unsupported_image_format")
_PASSING: Final = (
    "internal_server_error",
    "generation_timeout",
    "downstream_service_error",
    "downstream_service_unavailable",
)
"""Errors that no change of the values mends."""
_TELLS: Final = ("reason", "message", "msg", "error", "detail")
_NEXT_STEP: Final[Mapping[int, str]] = {
    401: "Check the key in the settings.",
    402: "Check the balance of your account at the provider.",
    403: "Check the key, and the balance and plan of your account at the provider.",
    404: "The endpoint or its checkpoint may be retired: choose another one.",
    410: "The endpoint or its checkpoint is retired: choose another one.",
    413: "Send less: a smaller picture, or fewer files.",
    429: "Wait a while and try again.",
    **dict.fromkeys((499, 500, 502, 503, 504), "Try again later."),
}


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
    told = general or ([] if fields else _told(document))
    if not fields:
        found = ((path, text) for text in told for path in _named_in(text, endpoint.fields))
        fields = dict(islice(found, 1))
        told = [text for text in told if text not in fields.values()]
    passing = any(error.get("type") in _PASSING for error in _errors(document))
    return refused(endpoint, status, fields, told, "Try again later." if passing else _pause(document))


def refused(
    endpoint: Endpoint, status: int, fields: Mapping[str, str], told: Sequence[str] = (), pause: str = ""
) -> Refused:
    """The refusal that says what is wrong with each of ``fields`` (path -> sentence), then ``told`` in general."""
    parts = [f"{endpoint.title_of(path)}: {words}" for path, words in list(fields.items())[:_MOST_FIELDS_TOLD]]
    more = len(fields) - len(parts)
    parts += [f"and {more} more."] if more > 0 else []
    reason = " ".join(_ended(part) for part in (*parts, *told[:_MOST_FIELDS_TOLD])) or "no reason was given."
    reason = reason if len(reason) <= 2 * LONGEST else f"{reason[: 2 * LONGEST - 1]}…"
    next_step = (
        pause
        or _NEXT_STEP.get(status)
        or ("Change it and try again." if len(fields) < 2 else "Change these and try again.")
    )
    return Refused(f"The provider refused the request ({status}): {reason} {next_step}", fields)


def reason_in(document: Json) -> str:
    """What an answer that is no success says, as one line of plain text; "" for nothing."""
    return next(iter(_told(document)), "")


def _ended(text: str) -> str:
    return text if text[-1:] in (".", "!", "?", "…") else f"{text}."


def _errors(document: Json) -> list[Mapping[str, Json]]:
    """The single errors: ``detail`` as a list, or the document itself as one."""
    listed = document.get("detail") if isinstance(document, Mapping) else document
    found = [listed] if isinstance(listed, Mapping) else listed if isinstance(listed, list) else []
    return [error for error in found[:_MOST_ERRORS] if isinstance(error, Mapping)]


def _landed(endpoint: Endpoint, error: Mapping[str, Json]) -> tuple[str, str]:
    """The top-level field that an error is about ("" for none), and the error in words, with the place in the field."""
    location = error.get("loc")
    named = list(location[:_MOST_ERRORS]) if isinstance(location, list) else []
    if named and named[0] in _ENVELOPES and not (len(named) == 1 and endpoint.field_at(named[0])):
        named = named[1:]
    path = named[0] if named and isinstance(named[0], str) else ""
    field = endpoint.field_at(path)
    if field is None:
        picture = endpoint.field_for("picture") if error.get("type") in _OF_THE_PICTURE else None
        words = words_of(error, None)
        return (picture.path, words) if picture else ("", f"{plain(path)[:60]}: {words}" if path else words)
    steps = real_steps(endpoint, path, named[1:])
    return path, _placed(endpoint, path, steps, words_of(error, field_at(endpoint, path, steps)))


def _placed(endpoint: Endpoint, path: str, steps: tuple[Step, ...], words: str) -> str:
    if words == NEEDED and steps and isinstance(steps[-1], str):
        return within(endpoint, path, steps[:-1]) + is_needed(title_at(endpoint, path, steps))
    return within(endpoint, path, steps) + words


def _told(document: Json, depth: int = 0) -> list[str]:
    """The sentence of an answer without a list of errors, and what stands beside it as details."""
    if isinstance(document, list):
        document = next((part for part in document[:_MOST_ERRORS] if isinstance(part, str | Mapping)), "")
    if not isinstance(document, Mapping):
        return [text for text in [plain(document)] if text]
    texts = [text for key in _TELLS if depth < _DEEPEST for text in _told(document.get(key), depth + 1)[:1]]
    return [*texts[:1], *(text for text in _details(document.get("details")) if text)]


def _details(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield plain(value)
    elif isinstance(value, list):
        yield from (plain(part) for part in value[:3])
    elif isinstance(value, Mapping):
        flat = [(key, one) for key, one in list(value.items())[:20] if isinstance(one, str) or is_number(one)][:5]
        yield "; ".join(f"{plain(str(key))}: {plain(one) if isinstance(one, str) else spell(one)}" for key, one in flat)


def _named_in(text: str, fields: Iterable[Field]) -> Iterator[str]:
    """The one field that a sentence names beyond doubt: in quotes, at its start, or by a name that is no plain word."""
    found = []
    for field in fields:
        name = re.escape(field.path)
        plain_word = field.path.isalpha() and field.path.islower()
        forms = rf"[\"'`“]{name}[\"'`”]|^(?:body\.)?{name}(?: must | should | is |:| has )"
        if re.search(forms if plain_word else rf"{forms}|(?<![\w.]){name}(?!\w)", text[:LONGEST]):
            found.append(field.path)
    if len(found) == 1:
        yield found[0]


def _pause(document: Json) -> str:
    """How long to wait, if the answer says so."""
    seconds = document.get("remainingSeconds") if isinstance(document, Mapping) else None
    return f"Try again in {spell(round(seconds))} s." if is_number(seconds) and 0 < seconds < 1e6 else ""
