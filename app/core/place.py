"""Where in a request's body something is, in words: what leads from a top-level field to the place."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from app.core.endpoint import Endpoint, Field
from app.core.keywords import title_of

_DEEPEST: Final = 12
"""Steps that are put into words."""


def within(endpoint: Endpoint, path: str, steps: Iterable[str | int]) -> str:
    """The way from the top-level field ``path`` along ``steps`` (keys, and places in lists) as "Entry 1: Scale: "."""
    return "".join(f"{title}: " for title in _titles(endpoint, path, steps))


def title_at(endpoint: Endpoint, path: str, steps: Iterable[str | int]) -> str:
    """What the last of ``steps`` from the top-level field ``path`` is called; without steps the field's own title."""
    named = _titles(endpoint, path, steps)
    return named[-1] if named else next((field.title for field in endpoint.fields if field.path == path), path)


def _titles(endpoint: Endpoint, path: str, steps: Iterable[str | int]) -> list[str]:
    fields: Sequence[Field] = next((field.children for field in endpoint.fields if field.path == path), ())
    titles = []
    for step in islice(steps, _DEEPEST):
        if isinstance(step, int):
            titles.append(f"Entry {step + 1}")
            fields = _of_entries(fields)
        else:
            found = next((field for field in fields if field.name == step), None)
            titles.append(found.title if found else title_of(None, step))
            fields = found.children if found else ()
    return titles


def _of_entries(fields: Sequence[Field]) -> Sequence[Field]:
    """The fields of one entry: a list of lists has one field, for the inner list."""
    return fields[0].children if len(fields) == 1 and fields[0].path.endswith("[]") else fields
