"""An endpoint compared with what its provider publishes now. Without Qt: the headless command does the same."""

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from app.backends.catalogue import Catalogue
from app.core.endpoint import Endpoint
from app.core.errors import InputError
from app.core.renewal import renewed
from app.core.schema import read_endpoint
from app.core.schema_guard import Change, changes

Json = Any


@dataclass(frozen=True)
class Refreshed:
    """An endpoint as it is and as its provider publishes it now. Nothing is replaced before it is accepted."""

    before: Endpoint
    after: Endpoint
    changes: tuple[Change, ...]


def why_not_refreshed(catalogue: Catalogue, endpoint: Endpoint) -> str:
    """Why no newer document of ``endpoint`` can be asked for, in words; "" when one can."""
    if endpoint.version:
        return "This is the endpoint as it was recorded; the present one can be read again"
    if endpoint.provider == "local":
        return "It is part of the program: nobody publishes a newer document"
    if catalogue.address(endpoint):
        return ""
    if endpoint.own:
        return "It came from a file or pasted text, not from an address: add its newer document instead"
    return "Its provider publishes no document for everybody: it is renewed with the program"


async def refreshed(
    catalogue: Catalogue, before: Endpoint, *, written_by_us: bool, executor: Executor | None = None
) -> Refreshed:
    """Fetch ``before``'s document again and compare, on ``executor``.

    The words of an endpoint ``written_by_us`` are not its provider's: they stay, and differences in them are none.
    Raises InputError when there is no address to fetch from, BackendError and SchemaError in words.
    """
    reason = why_not_refreshed(catalogue, before)
    if reason:
        raise InputError(f"{before.title} cannot be read again. {reason}.")
    document, source = await catalogue.fetch(catalogue.address(before))
    return await asyncio.get_running_loop().run_in_executor(
        executor, _compared, before, document, source, written_by_us
    )


def _compared(before: Endpoint, document: Json, source: str, written_by_us: bool) -> Refreshed:
    fetched = replace(read_endpoint(document, name=before.id), source=source)
    if not fetched.fields:
        raise InputError(f"The new document of {before.title} has no fields: the old one stays. Try again later.")
    after = renewed(before, fetched, own_words=written_by_us)
    found = changes(before, after)
    if not written_by_us:
        after = replace(after, problems=tuple(dict.fromkeys((*fetched.problems, *after.problems))))
    else:
        found = tuple(change for change in found if change.kind != "text")
    return Refreshed(before, after, found)
