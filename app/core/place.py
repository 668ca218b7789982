"""Where in a request's body something is, in words: what leads from a top-level field to the place."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from app.core.endpoint import Endpoint, Field
from app.core.keywords import title_of

Step = str | int
"""A key of a group, or a place in a list, counted from 0."""

_DEEPEST: Final = 12
"""Steps that are put into words."""


def within(endpoint: Endpoint, path: str, steps: Iterable[Step]) -> str:
    """The way from the top-level field ``path`` along ``steps`` as "Entry 1: Scale: "."""
    return "".join(f"{title}: " for title, _ in _walk(endpoint, path, steps))


def title_at(endpoint: Endpoint, path: str, steps: Iterable[Step]) -> str:
    """What the last of ``steps`` from the top-level field ``path`` is called; without steps the field's own title."""
    title = endpoint.title_of(path)
    for step_title, _ in _walk(endpoint, path, steps):
        title = step_title
    return title


def field_at(endpoint: Endpoint, path: str, steps: Iterable[Step]) -> Field | None:
    """The field at the end of ``steps`` from the top-level field ``path``, None where the schema knows none."""
    found = endpoint.field_at(path)
    for _, field in _walk(endpoint, path, steps):
        found = field
    return found


def real_steps(endpoint: Endpoint, path: str, steps: Iterable[object]) -> tuple[Step, ...]:
    """Those of ``steps`` that lead somewhere: providers put the names of a union's branches between them."""
    kept: list[Step] = []
    for step in islice(steps, _DEEPEST * 2):
        if (
            isinstance(step, bool)
            or not isinstance(step, str | int)
            or (isinstance(step, int) and not 0 <= step < 10**6)
        ):
            continue
        if isinstance(step, int) or field_at(endpoint, path, (*kept, step)) is not None:
            kept.append(step)
    return tuple(kept[:_DEEPEST])


def _walk(endpoint: Endpoint, path: str, steps: Iterable[Step]) -> Iterator[tuple[str, Field | None]]:
    """Each of ``steps`` in words, with its field where the schema knows one."""
    top = endpoint.field_at(path)
    fields: Sequence[Field] = top.children if top else ()
    for step in islice(steps, _DEEPEST):
        if isinstance(step, int):
            only = fields[0] if len(fields) == 1 and fields[0].path.endswith("[]") else None
            yield f"Entry {step + 1}", only
            fields = only.children if only else fields
        else:
            found = next((field for field in fields if field.name == step), None)
            yield found.title if found else title_of(None, step), found
            fields = found.children if found else ()
