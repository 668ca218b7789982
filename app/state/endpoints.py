"""The endpoints that can be chosen, and the ways to more of them: by id, file or text, out of the catalogue, anew."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import Shiboken

from app.backends.catalogue import Catalogue
from app.backends.catalogue import Offer as Offer  # the window names both from here: it knows no backend
from app.backends.catalogue import Page as Page
from app.backends.catalogue import ordered as ordered
from app.core.endpoint import Endpoint
from app.core.errors import AppError, InputError
from app.core.roles import Correction
from app.core.schema import read_endpoint
from app.state.refreshing import Refreshed as Refreshed
from app.state.refreshing import refreshed, why_not_refreshed
from app.store.endpoints import EndpointShelf, Shelved, parse_document, read_endpoint_file

T = TypeVar("T")
Json = Any


class Endpoints(QObject):
    """All endpoints. What takes time is done beside the thread that paints; its ``done`` is called on that thread.

    ``working`` says what is being done, "" when nothing is; ``failed`` carries an AppError.
    """

    changed = Signal()
    working = Signal(str)
    failed = Signal(object)

    def __init__(
        self, loop: asyncio.AbstractEventLoop, executor: Executor, shelf: EndpointShelf, catalogue: Catalogue
    ) -> None:
        super().__init__()
        self._loop, self._executor, self._shelf, self._catalogue = loop, executor, shelf, catalogue
        self._asking: dict[asyncio.Task[None], str] = {}
        self._keeping: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._searching: asyncio.Task[None] | None = None
        self._removed: dict[str, Endpoint] = {}
        self._closed = False
        self._show(shelf.contents())

    # -- what there is -----------------------------------------------------------------------------------------------

    def read(self, endpoint_id: str) -> Endpoint:
        """An endpoint as its document says, without the user's corrections. Raises InputError."""
        return self._known(endpoint_id)

    def correction(self, endpoint_id: str) -> Correction | None:
        """What the user corrected about an endpoint."""
        return self._shelved.corrections.get(endpoint_id)

    def why_not_refreshed(self, endpoint: Endpoint) -> str:
        """Why no newer document of ``endpoint`` can be asked for, in a sentence; "" when one can."""
        return why_not_refreshed(self._catalogue, endpoint)

    @property
    def doing(self) -> str:
        """What is being asked for just now, "" when nothing is."""
        return next(reversed(self._asking.values()), "")

    # -- more of them ------------------------------------------------------------------------------------------------

    def add_by_id(self, text: str, done: Callable[[Endpoint], object]) -> None:
        """Fetch and keep the endpoint that an id, a link or the address of a document names."""
        self._ask(f"Reading {text.strip()[:80]}", self._add_fetched(text, done))

    def add_offer(self, offer: Offer, done: Callable[[Endpoint], object]) -> None:
        """Keep an endpoint out of the catalogue, fetching its document when the catalogue did not give it."""
        if offer.document is None:
            self.add_by_id(offer.id, done)
        else:
            self._keep(lambda: self._shelf.keep_published(_offered(offer, self._catalogue)), done)

    def add_file(self, path: Path, done: Callable[[Endpoint], object]) -> None:
        """Keep the endpoint in a file: an OpenAPI document, a JSON Schema, or our own form."""
        self._keep(lambda: self._shelf.keep(read_endpoint_file(path)), done)

    def add_text(self, text: str, done: Callable[[Endpoint], object]) -> None:
        """Keep the endpoint in a pasted JSON document."""
        self._keep(lambda: self._shelf.add(parse_document(text, "What was pasted")), done)

    def search(self, words: str, done: Callable[[Page], object], after: str = "") -> None:
        """Search the provider's catalogue, going on ``after`` an earlier page's ``next``; an earlier search ends."""
        if self._searching is not None:
            self._searching.cancel()
        self._searching = self._ask("Searching the catalogue", self._search(words, after, done))

    # -- changing what there is --------------------------------------------------------------------------------------

    def refresh(self, endpoint_id: str, done: Callable[[Refreshed], object]) -> None:
        """Fetch an endpoint's document again and compare; nothing is replaced before ``accept``."""
        try:
            before = self._known(endpoint_id)
        except InputError as error:
            self.failed.emit(error)
            return
        self._ask(f"Reading {before.title[:80]} again", self._refresh(before, done))

    def accept(self, refreshed: Refreshed, done: Callable[[Endpoint], object] | None = None) -> None:
        """Take the newer one."""
        self._keep(partial(self._shelf.keep, refreshed.after), done)

    def remove(self, endpoint_id: str) -> None:
        """Take one of the user's own away; ours of that id, if there is one, comes back."""
        gone = next((endpoint for endpoint in self._shelved.read if endpoint.id == endpoint_id), None)
        if gone is not None:
            self._removed[endpoint_id] = gone
        self._keep(partial(self._shelf.remove, endpoint_id), None)

    def bring_back(self, endpoint: Endpoint, done: Callable[[Endpoint], object] | None = None) -> None:
        """Undo ``remove``."""
        self._keep(partial(self._shelf.keep, self._removed.pop(endpoint.id, endpoint)), done)

    def correct(self, endpoint_id: str, correction: Correction | None) -> None:
        """Keep what the user corrected about an endpoint's roles; None goes back to what its document says."""
        self._keep(partial(self._shelf.correct, endpoint_id, correction), None)

    def cancel(self) -> None:
        """Stop asking; what is being written is written."""
        for task in list(self._asking):
            task.cancel()

    async def close(self) -> None:
        """Stop asking, finish writing, and end every connection."""
        self._closed = True
        self.cancel()
        await asyncio.gather(*self._asking, *self._keeping, return_exceptions=True)
        await self._catalogue.close()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _known(self, endpoint_id: str) -> Endpoint:
        found = next((endpoint for endpoint in self._shelved.read if endpoint.id == endpoint_id), None)
        if found is None:
            raise InputError(f"There is no endpoint {endpoint_id!r} here: add it, or choose another one.")
        return found

    def _show(self, shelved: Shelved) -> None:
        self._shelved = shelved
        self.all: tuple[Endpoint, ...] = tuple(shelved.endpoints())
        self.problems: list[str] = shelved.problems

    async def _add_fetched(self, text: str, done: Callable[[Endpoint], object]) -> None:
        name = self._catalogue.name(text)
        document, source = await self._catalogue.fetch(text)
        self._keep(partial(self._shelf.add, document, name=name.id, source=source), done)

    async def _search(self, words: str, after: str, done: Callable[[Page], object]) -> None:
        _tell(done, await self._catalogue.search(words, after))

    async def _refresh(self, before: Endpoint, done: Callable[[Refreshed], object]) -> None:
        ours = before.id in self._shelved.bundled
        _tell(done, await refreshed(self._catalogue, before, written_by_us=ours, executor=self._executor))

    def _ask(self, text: str, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None] | None":
        if self._closed:
            work.close()
            return None
        task = self._loop.create_task(self._told(work), name=text)
        self._asking[task] = text
        task.add_done_callback(self._asked)
        task.add_done_callback(lambda _: work.close())  # a task that is cancelled at once never began it
        self.working.emit(text)
        return task

    def _asked(self, task: "asyncio.Task[None]") -> None:
        self._asking.pop(task, None)
        self.working.emit(self.doing)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except AppError as error:
            self.failed.emit(error)

    def _keep(self, change: Callable[[], T], done: Callable[[T], object] | None) -> None:
        """Change the shelf on a thread, one change after the other; then show what lies on it."""
        if self._closed:
            return
        task = self._loop.create_task(self._told(self._kept(change, done)), name="keep an endpoint")
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def _kept(self, change: Callable[[], T], done: Callable[[T], object] | None) -> None:
        async with self._turn:
            result = await self._loop.run_in_executor(self._executor, change)
            self._show(await self._loop.run_in_executor(self._executor, self._shelf.contents))
        self.changed.emit()
        if done is not None:
            _tell(done, result)


def _tell(done: Callable[[T], object], result: T) -> None:
    """Call ``done``, unless it belongs to a window that was closed meanwhile."""
    owner = getattr(done, "__self__", None)
    if not isinstance(owner, QObject) or Shiboken.isValid(owner):
        done(result)


def _offered(offer: Offer, catalogue: Catalogue) -> Endpoint:
    """The endpoint of an offer, under the words that the catalogue has for it where its document has none."""
    endpoint = read_endpoint(offer.document, name=offer.id)
    untitled = endpoint.title == endpoint.id
    return replace(
        endpoint,
        title=offer.title if untitled else endpoint.title,
        description=endpoint.description or offer.description,
        source=catalogue.source(offer.id),
    )
