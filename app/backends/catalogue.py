"""Endpoints as their providers publish them: one document by id or link, and a search of what there is.

fal.ai's documents and catalogue are public: no key is sent for them. Scenario shows its documents to accounts only.
"""

import asyncio
import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from app.backends.download import Answered, Downloads, is_loopback
from app.backends.endpoint_names import DOCUMENTS, EndpointName, read_name
from app.core.endpoint import Endpoint
from app.core.errors import BackendError, Failed, InputError, Refused, SchemaError
from app.core.keywords import one_line, tidy
from app.core.refusals import reason_in
from app.core.schema import read_endpoint

Json = Any

DEFAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {"fal": "https://fal.ai", "fal-api": "https://api.fal.ai/v1", "scenario": "https://api.cloud.scenario.com/v1"}
)
KEYS: Final = ("SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET")
PAGE: Final = 50
"""Endpoints asked for at once."""
ENOUGH: Final = 30
"""Endpoints that are worth ordering; the provider decides how many it gives at once."""
MOST_ASKS: Final = 4
MOST: Final = 200
"""Endpoints read of one answer."""
LONGEST_WORDS: Final = 200
_LONGEST_CURSOR: Final = 2000
_NOT_THERE: Final = (400, 404, 410, 422)


@dataclass(frozen=True)
class Offer:
    """One endpoint of the catalogue. ``document`` is its OpenAPI document, None when that has to be fetched yet."""

    id: str
    title: str
    description: str
    category: str
    provider: str
    takes_mask: bool
    takes_picture: bool
    document: Json | None


@dataclass(frozen=True)
class Page:
    """A part of what was found, mask-taking ones first; ``next`` is for asking on, "" at the end."""

    offers: tuple[Offer, ...]
    next: str


def bases_at(url: str) -> dict[str, str]:
    """Every host replaced by ``url`` (a stand-in, a proxy), the paths kept."""
    root = url.strip().rstrip("/")
    paths = {name: urlsplit(base).path for name, base in DEFAULTS.items()}
    return {name: root if path and root.endswith(path) else root + path for name, path in paths.items()}


class Catalogue:
    """Asks the providers at ``bases``; ``keys`` may hold Scenario's key and secret, by their names in ``KEYS``."""

    def __init__(
        self,
        bases: Mapping[str, str] = DEFAULTS,
        keys: Mapping[str, str] | None = None,
        downloads: Downloads | None = None,
    ) -> None:
        self._bases = {name: base.rstrip("/") for name, base in {**DEFAULTS, **bases}.items()}
        self._keys = keys or {}
        self._downloads = downloads or Downloads()

    def name(self, text: str) -> EndpointName:
        """What ``text`` (an id, a page's link, a document's address) names. Raises InputError for what is none."""
        return read_name(text, self._bases)

    def address(self, endpoint: Endpoint) -> str:
        """What ``fetch`` is to be given for a fresh document of ``endpoint``; "" when none is published."""
        return endpoint.source or (endpoint.id if endpoint.provider == "fal" else "")

    def source(self, identity: str) -> str:
        """The address of the document of fal's endpoint ``identity``."""
        return f"{self._bases['fal']}{DOCUMENTS}?{urlencode({'endpoint_id': identity})}"

    async def fetch(self, endpoint_id: str) -> tuple[Json, str]:
        """The document of an endpoint and the address that it came from.

        ``endpoint_id`` is anything that ``name`` understands. Raises InputError, or BackendError in words.
        """
        name = self.name(endpoint_id)
        match name.kind:
            case "fal":
                return await self._fal(name.text)
            case "scenario":
                return await self._scenario(name.text)
        self._check_safe(name.text)
        return await self._downloads.json(name.text), name.text

    async def search(self, words: str, after: str = "") -> Page:
        """Endpoints of fal.ai's catalogue for ``words``, going on ``after`` an earlier page's ``next``.

        The provider may give fewer at once than asked for; then it is asked again, so that those with a mask can come
        first among enough of them. Raises BackendError in words.
        """
        offers: list[Offer] = []
        for turn in range(MOST_ASKS):
            try:
                page = await self._page(words, after)
            except BackendError:
                if not turn:
                    raise
                break  # what was found is shown; going on will say what is wrong
            offers += page.offers
            after = page.next
            if not after or len(offers) >= ENOUGH:
                break
        return Page(ordered(offers), after)

    async def close(self) -> None:
        """End every connection."""
        await self._downloads.close()

    async def _page(self, words: str, after: str) -> Page:
        told = " ".join(words.split())[:LONGEST_WORDS].encode("utf-8", "replace")
        cursor = after.encode("utf-8", "replace")
        asked = {"q": told, "limit": PAGE, "expand": "openapi-3.0", "status": "active", "cursor": cursor}
        query = urlencode({key: value for key, value in asked.items() if value})
        answer = await self._downloads.json(f"{self._bases['fal-api']}/models?{query}")
        return await asyncio.to_thread(_page, answer, after)

    async def _fal(self, identity: str) -> tuple[Json, str]:
        url = self.source(identity)
        try:
            document = await self._downloads.json(url)
            if _is_document(document):
                return document, url
            raise _no_document(document)
        except (Refused, Failed) as error:
            if isinstance(error, Answered) and error.status in _NOT_THERE:
                raise _unknown(identity) from error
            return await self._from_api(identity, error), url

    async def _from_api(self, identity: str, failure: BackendError) -> Json:
        """The same document out of the catalogue: another server, which may be well. Else ``failure`` stands."""
        query = urlencode({"endpoint_id": identity, "expand": "openapi-3.0"})
        try:
            answer = await self._downloads.json(f"{self._bases['fal-api']}/models?{query}")
        except Answered as error:
            raise (_unknown(identity) if error.status in _NOT_THERE else failure) from error
        except BackendError:
            raise failure from None
        rows = answer.get("models") if isinstance(answer, Mapping) else None
        if rows == []:
            raise _unknown(identity)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, Mapping) and row.get("endpoint_id") == identity and _is_document(row.get("openapi")):
                return row["openapi"]
        raise failure

    async def _scenario(self, identity: str) -> tuple[Json, str]:
        url = f"{self._bases['scenario']}/models/{quote(identity, safe='')}"
        secret = self._secret(url)
        try:
            return await self._downloads.json(url, secret), url
        except Answered as error:
            raise _declined(identity, error) from error

    def _secret(self, url: str) -> dict[str, str]:
        key, secret = (self._keys.get(name, "").strip() for name in KEYS)
        if not key or not secret:
            raise InputError(
                f"Scenario shows its documents to accounts only: set {KEYS[0]} and {KEYS[1]}, then try again."
            )
        if not (key + secret).isascii() or not (key + secret).isprintable() or ":" in key:
            raise InputError(f"{KEYS[0]} or {KEYS[1]} holds characters that no key has. Copy both again.")
        if not url.startswith("https:") and not is_loopback(url):
            raise InputError("A key is sent over https only. Give a base address that starts with https.")
        return {"authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()}

    def _check_safe(self, url: str) -> None:
        """Plain http only to this computer, or to where a base was set on purpose."""
        if url.startswith("https:") or is_loopback(url):
            return
        origin = urlsplit(url)[:2]
        if not any(urlsplit(base)[:2] == origin for base in self._bases.values()):
            raise InputError("Documents are fetched over https only. Use its https form, or save it as a file.")


def _is_document(document: Json) -> bool:
    return isinstance(document, Mapping) and isinstance(document.get("paths"), Mapping)


def _no_document(answer: Json) -> Failed:
    said = reason_in(answer)
    told = f": {said}" if said else ""
    return Failed(f"fal.ai has no readable document for this endpoint{told}. Add it from a file, or try again later.")


def _unknown(identity: str) -> Refused:
    return Refused(f"fal.ai has no endpoint “{identity}”: check the spelling, or search the catalogue.")


def _declined(identity: str, error: Answered) -> Refused:
    said = f" ({error.reason})" if error.reason else ""
    if error.status in (401, 403):
        return Refused(f"Scenario does not accept this key for “{identity}”{said}. Check {KEYS[0]} and {KEYS[1]}.")
    if error.status in _NOT_THERE:
        return Refused(f"Scenario has no “{identity}” for this account{said}: check the id; it may have been retired.")
    return error


def _page(answer: Json, after: str) -> Page:
    """A page as it came; the fields of each document decide what it takes, its category does not."""
    rows = answer.get("models") if isinstance(answer, Mapping) else None
    if not isinstance(rows, list):
        said = reason_in(answer)
        raise Failed(f"The catalogue answered with no list{f' ({said})' if said else ''}. Try again later.")
    offers = tuple(offer for row in rows[:MOST] if isinstance(row, Mapping) and (offer := _offer(row)) is not None)
    following = answer.get("next_cursor")
    good = isinstance(following, str) and len(following) <= _LONGEST_CURSOR and following != after
    return Page(offers, following if good and answer.get("has_more", True) else "")


def ordered(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Each once, those that take a mask first, then those that take a picture; else in the provider's own order."""
    once: dict[str, Offer] = {}
    for offer in offers:
        once.setdefault(offer.id, offer)
    return tuple(sorted(once.values(), key=lambda offer: (not offer.takes_mask, not offer.takes_picture)))


def _offer(row: Mapping[str, Json]) -> Offer | None:
    identity = row.get("endpoint_id")
    try:
        named = read_name(identity) if isinstance(identity, str) and "://" not in identity else None
    except InputError:
        return None
    if named is None or named.kind != "fal":
        return None
    document = row.get("openapi") if _is_document(row.get("openapi")) else None
    roles = _roles(document, named.text)
    told = row.get("metadata")
    about: Mapping[str, Json] = told if isinstance(told, Mapping) else {}
    return Offer(
        id=named.text,
        title=one_line(about.get("display_name"), 120) or named.text,
        description=tidy(about.get("description"))[:500],
        category=one_line(about.get("category"), 60),
        provider="fal",
        takes_mask="mask" in roles,
        takes_picture="picture" in roles,
        document=document,
    )


def _roles(document: Json | None, identity: str) -> frozenset[str]:
    if document is None:
        return frozenset()
    try:
        return frozenset(read_endpoint(document, name=identity).binding.roles)
    except SchemaError:
        return frozenset()
