"""The process that engines run in: takes one job after another from a pipe, pixels in shared memory.

The editor starts it (``app.backends.worker_process``) and may kill it at any time; it ends by itself when the editor
does. Every message is one JSON object. In: {"job", "bytes", "arrays", "outputs", "message"} and then a descriptor
of the shared memory, or {"cancel": job}, or {"quit"}. Out: {"hello": versions}, {"job", "progress", "stage"},
{"job", "result"}, {"job", "error": kind, "text"}.
"""

import contextlib
import importlib.metadata
import json
import mmap
import os
import platform
import queue
import resource
import threading
import traceback
from collections.abc import Mapping, Sequence
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.engines.fill import Classic
from app.engines.task import Cancelled, Declined, Run, Task

PACKAGES = ("numpy", "opencv-python-headless", "pypatchmatch")


def main(connection: Connection) -> None:
    """Serve the classic engines until the editor closes ``connection``."""
    serve(connection, Classic().run, PACKAGES)


def serve(connection: Connection, run: Run, packages: Sequence[str] = ()) -> None:
    """Answer jobs with ``run`` until the editor closes ``connection``; then the process ends at once."""
    _be_modest()
    desk = _Desk(connection)
    desk.send({"hello": {"python": platform.python_version(), **_versions(packages)}})
    threading.Thread(target=desk.listen, daemon=True).start()
    while True:
        _serve_one(desk, run)


class _Desk:
    """Both ends of the conversation: a thread listens while the engine works, and any thread may speak."""

    def __init__(self, connection: Connection) -> None:
        self.orders: queue.Queue[tuple[dict[str, Any], mmap.mmap]] = queue.Queue()
        self._connection = connection
        self._speaking = threading.Lock()
        self._unwanted: set[str] = set()

    def send(self, message: Mapping[str, Any]) -> None:
        try:
            with self._speaking:
                self._connection.send_bytes(json.dumps(message).encode())
        except OSError:
            os._exit(0)  # The editor is gone: nobody is left to work for.

    def listen(self) -> None:
        """Until the editor hangs up; then nothing that still runs here is wanted."""
        with contextlib.suppress(OSError, EOFError):
            while True:
                message = json.loads(self._connection.recv_bytes())
                if "quit" in message:
                    break
                if "cancel" in message:
                    self._unwanted.add(message["cancel"])
                    continue
                descriptor = reduction.recv_handle(self._connection)
                self.orders.put((message, mmap.mmap(descriptor, message["bytes"])))
                os.close(descriptor)
        os._exit(0)

    def unwanted(self, job: str) -> bool:
        return job in self._unwanted


def _serve_one(desk: _Desk, run: Run) -> None:
    order, shared = desk.orders.get()
    desk.send({"job": order["job"], **_answer(desk, order, shared, run)})


def _answer(desk: _Desk, order: dict[str, Any], shared: mmap.mmap, run: Run) -> dict[str, Any]:
    """The last message about a job: its result, or what went wrong and of which kind."""
    job = order["job"]

    def progress(fraction: float, stage: str) -> None:
        desk.send({"job": job, "progress": fraction, "stage": stage})

    task = Task(
        order["message"],
        [_view(shared, place) for place in order["arrays"]],
        [_view(shared, place) for place in order["outputs"]],
        progress,
        lambda: desk.unwanted(job),
    )
    try:
        return {"result": run(task)}
    except Cancelled:
        return {"error": "cancelled", "text": ""}
    except Declined as reason:
        return {"error": "declined", "text": str(reason)}
    except (MemoryError, cv2.error) as error:
        kind = "memory" if isinstance(error, MemoryError) or error.code == cv2.Error.StsNoMem else "engine"
        return {"error": kind, "text": " ".join(str(error).split())}
    except Exception as error:  # noqa: BLE001 - the process's one entry point: a fault costs a job, not the worker.
        traceback.print_exc()
        return {"error": "engine", "text": f"{type(error).__name__}: {error}"}


def _view(shared: mmap.mmap, place: Sequence[Any]) -> Pixels:
    offset, shape = place
    return np.ndarray(tuple(shape), np.uint8, buffer=shared, offset=offset)


def _be_modest() -> None:
    """The hand that paints comes first: lower priority, one core left free, no core dumps with the user's picture."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cv2.setNumThreads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def _versions(packages: Sequence[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found
