"""One JSON document over HTTP from somebody who is not trusted: bounded in time and bytes, from the one host asked.

No credential is held here; a header that carries one is handed in for the one address that it is meant for.
"""

import asyncio
import contextlib
import importlib
import json
import ssl
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from app.core.errors import BackendError, Failed, InputError, Refused, TimedOut, Unreachable
from app.core.refusal_words import plain
from app.core.refusals import reason_in

if TYPE_CHECKING:
    import httpx  # a tenth of a second that the window's start must not pay

Json = Any

LARGEST: Final = 10 << 20
"""Bytes of a document at most, unpacked."""
DEADLINE: Final = 60.0
"""Seconds for a whole document, redirects included."""
CONNECTING: Final = 10.0
SILENCE: Final = 20.0
"""Seconds without a byte after which nothing more is expected."""
MOST_HOPS: Final = 5
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class Answered(Refused):
    """The host answered with a status that is no success. ``status`` is HTTP's, ``reason`` what its body says."""

    def __init__(self, text: str, status: int, reason: str) -> None:
        self.status, self.reason = status, reason
        super().__init__(text)


class Downloads:
    """Fetches documents over one connection pool, which is made on first use."""

    def __init__(
        self,
        *,
        deadline: float = DEADLINE,
        silence: float = SILENCE,
        largest: int = LARGEST,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        """``certificates`` says whom to trust instead of the usual authorities."""
        self._deadline, self._silence, self._largest = deadline, silence, largest
        self._certificates = certificates
        self._client: httpx.AsyncClient | None = None

    async def json(self, url: str, secret: Mapping[str, str] | None = None) -> Json:
        """The document at ``url``; ``secret`` are headers for it alone, with which no redirect is followed.

        Raises InputError for an address that cannot be asked, and BackendError for everything that can go wrong:
        Unreachable, TimedOut, Answered for a status that is no success, Failed for what is no JSON document.
        """
        _check(url)
        try:
            async with asyncio.timeout(self._deadline):
                body = await self._body(url, dict(secret or {}))
        except TimeoutError as error:
            raise _too_slow(url) from error
        return await asyncio.to_thread(_parsed, body, host(url))

    async def close(self) -> None:
        """End every connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _body(self, url: str, secret: dict[str, str]) -> bytes:
        client = await self._opened()
        import httpx  # loaded by now, on a thread

        try:
            for _ in range(MOST_HOPS):
                async with client.stream("GET", url, headers=secret) as response:
                    if not response.is_redirect:
                        return await self._read(response, url)
                    url = _next(url, response.headers.get("location", ""), bool(secret))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError, OSError, ValueError) as error:
            raise _in_words(error, url) from error
        raise Failed(f"{host(url)} sends from one address to the next without end. Give the document's own address.")

    async def _opened(self) -> "httpx.AsyncClient":
        if self._client is None:
            # Loading the certificates takes long enough to be seen.
            made = await asyncio.to_thread(_client_or_reason, self._silence, self._certificates)
            if self._client is None:
                self._client = made
        return self._client

    async def _read(self, response: "httpx.Response", url: str) -> bytes:
        length = response.headers.get("content-length", "")
        if length.isdecimal() and (len(length) > 12 or int(length) > self._largest):
            raise self._too_large(url)
        packing = response.headers.get("content-encoding", "").strip().lower()
        body = bytearray()
        async with contextlib.aclosing(_unpacked(response.aiter_raw(1 << 16), packing, self._largest + 1)) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > self._largest:
                    raise self._too_large(url)
        if not response.is_success:
            raise _answered(response, bytes(body[: 1 << 16]), url)
        return bytes(body)

    def _too_large(self, url: str) -> Failed:
        limit = self._largest >> 20
        return Failed(f"{host(url)} sent more than {limit} MB; an endpoint's document is smaller. Check the address.")


def host(url: str) -> str:
    """The host of ``url``, for a sentence."""
    try:
        return urlsplit(url).hostname or "The address"
    except ValueError:
        return "The address"


def is_loopback(url: str) -> bool:
    """Whether ``url`` leads to this computer."""
    return host(url) in _LOOPBACK


def _client_or_reason(silence: float, certificates: ssl.SSLContext | None) -> "httpx.AsyncClient":
    """A client; the environment's own words for proxy and certificates may be such that none can be made."""
    try:
        return _new_client(silence, certificates)
    except OSError as error:  # a certificate file that is not there, or is none
        raise Unreachable("The certificates that SSL_CERT_FILE names cannot be read. Correct it.") from error
    except (ImportError, ValueError) as error:
        raise Unreachable(
            "The proxy of this computer is of a kind not known here; set HTTPS_PROXY to one with http."
        ) from error


def _new_client(silence: float, certificates: ssl.SSLContext | None) -> "httpx.AsyncClient":
    import httpx

    with contextlib.suppress(ImportError):
        # What the first connection would load where it must not: on the thread that paints.
        importlib.import_module("anyio._backends._asyncio")
        importlib.import_module("httpcore._backends.anyio")
    return httpx.AsyncClient(
        verify=certificates or httpx.create_ssl_context(),
        timeout=httpx.Timeout(silence, connect=min(CONNECTING, silence)),
        # A proxy of the environment is for the world outside.
        mounts={f"all://{name}": None for name in ("localhost", "127.0.0.1", "[::1]")},
        headers={"accept": "application/json", "accept-encoding": "identity", "user-agent": "Mendbrush"},
        limits=httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=5.0),
    )


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        named, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InputError("That is no web address. Give one such as https://host/openapi.json.") from error
    if parts.scheme not in ("http", "https") or not named:
        raise InputError("That is no web address. Give one such as https://host/openapi.json.")
    if parts.username is not None or parts.password is not None:
        raise InputError("The address holds a name or password. Take it out: documents are fetched without any.")


def _next(url: str, location: str, has_secret: bool) -> str:
    """Where a redirect leads, when it may be followed: to the same host, never back from https, never with a key."""
    there = urljoin(url, location)
    old, new = urlsplit(url), urlsplit(there)
    if has_secret or not location or (old.hostname, old.port, old.scheme) != (new.hostname, new.port, new.scheme):
        where = plain(new.hostname or "nowhere")
        raise Refused(
            f"{host(url)} sends on to another address, {where}, which was not followed. Give that one or try later."
        )
    return there


async def _unpacked(chunks: AsyncIterator[bytes], packing: str, most: int) -> AsyncGenerator[bytes, None]:
    """The body's bytes, never more than ``most`` of one chunk: a small packed body may unpack to gigabytes."""
    if packing in ("", "identity"):
        async for chunk in chunks:
            yield chunk
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Failed("The answer is packed in a way that was not asked for. Try again later.")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32 if "gzip" in packing else zlib.MAX_WBITS)
    try:
        async for chunk in chunks:
            yield unpacker.decompress(chunk, most)
        if not unpacker.eof:
            raise Failed("The answer ended in the middle. Try again.")
    except zlib.error as error:
        raise Failed("The answer cannot be unpacked. Try again later.") from error


def _parsed(body: bytes, name: str) -> Json:
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        raise Failed(
            f"{name} answered with a web page, not with a JSON document. Check the address, or try again later."
        )
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        if start.startswith((b"openapi:", b"swagger:", b"---", b"#")):
            raise Failed(f"{name} answered with YAML. Only JSON documents are read: look for its JSON form.") from error
        raise Failed(
            f"{name} answered with something that is no JSON document. Check the address, or try again later."
        ) from error


def _answered(response: "httpx.Response", body: bytes, url: str) -> BackendError:
    try:
        reason = reason_in(json.loads(body))
    except (ValueError, RecursionError):
        reason = ""
    status, name = response.status_code, host(url)
    told = f" ({status}: {reason})" if reason else f" ({status})"
    if status == 429:
        wait = response.headers.get("retry-after", "")
        after = f"in {int(wait)} seconds" if wait.isdecimal() and len(wait) < 5 else "in a minute"
        return Answered(f"{name} was asked too often{told}. Try again {after}.", status, reason)
    if status >= 500:
        return Failed(f"{name} has trouble of its own{told}. Try again later.")
    if status in (401, 403):
        return Answered(
            f"{name} does not let everybody read this{told}. Give a public address, or try again later.", status, reason
        )
    if status in (404, 410):
        return Answered(f"There is nothing at this address of {name}{told}. Check it.", status, reason)
    return Answered(f"{name} declined{told}. Check the address.", status, reason)


def _in_words(error: Exception, url: str) -> BackendError:
    """What went wrong on the way, as one of ours."""
    import httpx

    name, causes = host(url), list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(
            f"The connection to {name} is not safe: its certificate cannot be trusted. Nothing was sent."
        )
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return _too_slow(url)
    if isinstance(error, httpx.ProxyError):
        return Unreachable(f"The proxy does not lead to {name}. Check the proxy settings of this computer.")
    if isinstance(error, httpx.ConnectError):
        return Unreachable(f"{name} cannot be reached. Check the connection to the internet, then try again.")
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | ValueError):
        return Refused("That address cannot be asked. Check it.")
    return Failed(f"The connection to {name} broke off in the middle. Try again.")


def _too_slow(url: str) -> TimedOut:
    return TimedOut(f"{host(url)} did not answer in time. Check the connection to the internet, then try again.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
