"""A provider on this computer: answers by routes, writes down what it was asked, and can be told to misbehave.

The trouble is the kind that real servers and the networks before them make; it is played for every request until it is
taken back. Runs in a thread, so that clients of any kind (ours, a provider's own) can talk to it.
"""

import contextlib
import functools
import gzip
import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

Json = Any
Trouble = Literal[
    "", "html", "yaml", "wrong", "deep", "latin", "huge", "endless", "slow", "drip", "truncated", "dropped",
    "elsewhere", "around", "there", "nowhere", "gzip", "deflate", "bomb",
    "twice packed", "packed and cut", "no gzip", "brotli",
]  # fmt: skip

PIECE = b"x" * (1 << 16)


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class Answer:
    """What is sent back; ``body`` as JSON unless it is bytes."""

    body: Json = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Standin:
    """A server on a free port of the loopback. Subclasses say in ``answer`` what they know."""

    def __init__(self, certificate: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.trouble: Trouble = ""
        self.troubled = ""
        """The only path that the trouble befalls, "" for all."""
        self.sound = 0
        """Requests that are answered well before the trouble begins."""
        self.status = 0
        """Answer everything with this status, 0 for the real one."""
        self.reason: Json = None
        """The body of such an answer."""
        self.headers: dict[str, str] = {}
        """Further headers of every answer."""
        self._stopping = threading.Event()
        standin = self

        class Handler(_Handler):
            owner = standin

        self._server = _Server(("127.0.0.1", 0), Handler)
        if certificate is not None:
            self._server.socket = certificate.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if certificate is not None else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "Standin":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, asked: Asked) -> Answer:
        """The answer of a provider in good health."""
        return Answer({"detail": "Not Found"}, 404)

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the stand-in's end."""
        self._stopping.wait(seconds)

    @property
    def is_over(self) -> bool:
        """Whether the test has ended."""
        return self._stopping.is_set()


@functools.cache
def bomb() -> bytes:
    """A few hundred kilobytes that unpack to 100 MB."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    megabyte = b" " * (1 << 20)
    return b"".join([*(packer.compress(megabyte) for _ in range(100)), packer.flush()])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news here."""


class _Handler(BaseHTTPRequestHandler):
    owner: Standin
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {key.lower(): value for key, value in self.headers.items()}
        asked = Asked(self.command, unquote(parts.path), query, headers, body)
        self.owner.asked.append(asked)
        owner = self.owner
        answer = Answer(owner.reason, owner.status) if owner.status else owner.answer(asked)
        befallen = len(owner.asked) > owner.sound and owner.troubled in ("", asked.path)
        trouble = owner.trouble if befallen else ""
        play: Callable[[bytes], None] | None = getattr(self, f"_{trouble.replace(' ', '_')}", None)
        packed = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        with contextlib.suppress(OSError):
            if play is not None:
                play(packed)
            else:
                self._send(packed, answer.status, {"content-type": "application/json", **answer.headers})

    def _send(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None, length: int = -1) -> None:
        self._head(status, {"content-length": str(len(body) if length < 0 else length), **(headers or {})})
        self.wfile.write(body)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, **self.owner.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    # -- trouble -----------------------------------------------------------------------------------------------------

    def _html(self, body: bytes) -> None:
        self._send(b"<!DOCTYPE html><html><title>Just a moment</title></html>", 200, {"content-type": "text/html"})

    def _yaml(self, body: bytes) -> None:
        self._send(b"openapi: 3.0.4\ninfo:\n  title: x\n")

    def _wrong(self, body: bytes) -> None:
        self._send(body[: len(body) // 2])

    def _latin(self, body: bytes) -> None:
        self._send(b'{"title": "\xe9\xff"}')

    def _deep(self, body: bytes) -> None:
        self._send(b"[" * 200_000 + b"]" * 200_000)

    def _huge(self, body: bytes) -> None:
        self._send(b"{}", length=10**12)

    def _endless(self, body: bytes) -> None:
        self._head(200, {"transfer-encoding": "chunked"})
        while not self.owner.is_over:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(PIECE), PIECE))

    def _slow(self, body: bytes) -> None:
        self.owner.pause(30)

    def _drip(self, body: bytes) -> None:
        self._head(200, {"content-length": str(len(body))})
        for byte in body:
            if self.owner.is_over:
                return
            self.wfile.write(bytes([byte]))
            time.sleep(0.02)

    def _truncated(self, body: bytes) -> None:
        self._send(body[: len(body) // 2], length=len(body))
        self._hang_up()

    def _dropped(self, body: bytes) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def _elsewhere(self, body: bytes) -> None:
        self._send(b"", 302, {"location": "http://127.0.0.2:9/steal"})

    def _nowhere(self, body: bytes) -> None:
        self._send(b"", 302)

    def _around(self, body: bytes) -> None:
        self._send(b"", 307, {"location": self.path})

    def _there(self, body: bytes) -> None:
        """On to the same host, once."""
        if "moved" in self.path:
            self._send(body)
        else:
            joint = "&" if "?" in self.path else "?"
            self._send(b"", 301, {"location": f"{self.path}{joint}moved=1"})

    def _gzip(self, body: bytes) -> None:
        self._send(gzip.compress(body), 200, {"content-encoding": "gzip"})

    def _deflate(self, body: bytes) -> None:
        self._send(zlib.compress(body), 200, {"content-encoding": "deflate"})

    def _bomb(self, body: bytes) -> None:
        self._send(bomb(), 200, {"content-encoding": "gzip"})

    def _twice_packed(self, body: bytes) -> None:
        self._send(gzip.compress(gzip.compress(body)), 200, {"content-encoding": "gzip, gzip"})

    def _packed_and_cut(self, body: bytes) -> None:
        self._send(gzip.compress(body)[:-20], 200, {"content-encoding": "gzip"})

    def _no_gzip(self, body: bytes) -> None:
        self._send(body, 200, {"content-encoding": "gzip"})

    def _brotli(self, body: bytes) -> None:
        self._send(body, 200, {"content-encoding": "br"})
