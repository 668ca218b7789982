"""A worker for tests: does what the message's "do" says, well behaved or not."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from app.engines.task import Cancelled, Declined, Task
from app.engines.worker import serve


def main(connection: Connection) -> None:
    """Serve until the editor hangs up."""
    serve(connection, lambda task: _run(task, connection), ("numpy",))


def _run(task: Task, connection: Connection) -> dict[str, Any]:
    do = task.message["do"]
    if end := ENDS.get(do):
        end()
    if do == "nonsense":
        connection.send_bytes(b"\xff not JSON")
        time.sleep(30)
    if do == "slow":
        _count_slowly(task)
    if do == "noise":
        sys.stderr.write("x" * 3_000_000 + "\nlast words\n")
        sys.stderr.flush()
    for array, output in zip(task.arrays, task.outputs, strict=False):
        output[:] = 255 - array
    return {"pid": os.getpid(), "environment": dict(os.environ), "nice": os.nice(0), "said": dict(task.message)}


def _count_slowly(task: Task) -> None:
    for step in range(300):
        if task.cancelled():
            raise Cancelled
        task.progress(step / 300, "counting")
        time.sleep(0.02)


def _raise(error: Exception) -> None:
    raise error


ENDS: dict[str, Callable[[], object]] = {
    "abort": os.abort,
    "crash": lambda: ctypes.string_at(0),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(3),
    "deaf": lambda: time.sleep(30),
    "memory": lambda: _raise(MemoryError()),
    "declined": lambda: _raise(Declined("Paint a larger mask.")),
    "fault": lambda: _raise(ValueError("three is not four")),
}
