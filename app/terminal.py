"""What a command owes the terminal it runs in: results and messages on their own streams whatever has become of these,
and an orderly end when it is told to stop.
"""

import codecs
import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from app.core.errors import StoreError

if TYPE_CHECKING:
    import asyncio  # the window is on the screen before it is loaded

_STOPPING = (signal.SIGTERM, signal.SIGHUP)


def open_streams() -> None:
    """Open on /dev/null what is closed of the three standard streams, and let the two others print any file's name.

    Otherwise the next file to be opened would get the free number, and a library's complaint would be written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = _any_name(sys.stdout, 1)
    sys.stderr = _any_name(sys.stderr, 2)


def emit(text: str) -> None:
    """Print a result. Nothing happens when nobody reads any more; raises StoreError when it cannot be written."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        _give_up(sys.stdout)
    except OSError as error:
        _give_up(sys.stdout)
        raise StoreError(f"The result cannot be printed: {error.strerror}. Send the output elsewhere.") from error


def say(text: str) -> None:
    """Print a message or a step of the progress; a job is never lost because nobody can be told of it."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _give_up(sys.stderr)


def flush() -> None:
    """Let out what was printed otherwise (a command's help), without complaint when nobody reads it."""
    try:
        sys.stdout.flush()
    except OSError:
        _give_up(sys.stdout)


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """While it lasts, SIGTERM and SIGHUP raise KeyboardInterrupt, as Ctrl+C does, unless they are ignored (nohup)."""
    with _handled(signal.SIG_DFL, signal.default_int_handler):
        yield


@contextlib.contextmanager
def cancelling(task: "asyncio.Task[Any]") -> Iterator[None]:
    """Inside ``stoppable``: while it lasts, the two signals cancel ``task`` instead."""
    loop = task.get_loop()
    with _handled(signal.default_int_handler, lambda *_: loop.call_soon_threadsafe(task.cancel)):
        yield


@contextlib.contextmanager
def _handled(old: Any, new: Callable[..., Any]) -> Iterator[None]:
    replaced = [number for number in _STOPPING if signal.getsignal(number) == old]
    for number in replaced:
        signal.signal(number, new)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, old)


def _any_name(stream: TextIO | None, number: int) -> TextIO:
    if stream is None:
        return os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    if isinstance(stream, io.TextIOWrapper):
        # A name that is no UTF-8 comes out as the bytes it has on the disk.
        plain = number == 1 and codecs.lookup(stream.encoding).name == "utf-8"
        stream.reconfigure(errors="surrogateescape" if plain else "backslashreplace")
    return stream


def _give_up(stream: TextIO) -> None:
    """Send everything that is still to come nowhere: the interpreter would try once more at its end, and complain."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
