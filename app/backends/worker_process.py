"""One worker process, from its start to its end: what it is started with, what it says, and why it ended.

A plain child with an environment of its own, not one of ``multiprocessing``'s: those run the program's main module
again, and show the parent's whole environment, keys included, in /proc.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.backends.shared_pixels import SharedPixels

START = (
    "import sys, importlib; from multiprocessing.connection import Connection; "
    "importlib.import_module(sys.argv[1]).main(Connection(int(sys.argv[2])))"
)
ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds ``app``: the child finds it wherever the parent was started."""
SECRETS = ("FAL_KEY", "SCENARIO_", "MENDBRUSH_")
"""What no child is told: names of environment variables that begin so, or hold one of the words below."""
SECRET_WORDS = ("TOKEN", "SECRET", "PASSWORD", "API_KEY")
NOTED_LINES = 200
NOTED_LINE = 2000
"""What is kept of a worker's own complaints: the last lines, each cut to so many characters."""

Message = dict[str, Any]


class WorkerProcess:
    """A running worker. ``deliver`` is called from another thread with every message, the last being {"exit": code}."""

    def __init__(self, target: str, deliver: Callable[["WorkerProcess", Message], None]) -> None:
        self._deliver = deliver
        self._connection, theirs = Pipe(duplex=True)
        self._complaints: deque[str] = deque(maxlen=NOTED_LINES)
        self._process = _start(target, theirs)
        theirs.close()
        self.versions: Mapping[str, str] = {}
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._note_complaints)]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    @property
    def complaints(self) -> str:
        """The last of what the worker wrote to its standard error."""
        return "".join(self._complaints)

    def send(self, message: Mapping[str, Any], shared: SharedPixels | None = None) -> None:
        """Tell the worker something, with the memory it is about. Raises OSError when it is gone."""
        self._connection.send_bytes(json.dumps(message).encode())
        if shared is not None:
            reduction.send_handle(self._connection, shared.descriptor, self.pid)

    def kill(self) -> None:
        """End it now, with whatever it started itself; the exit is delivered as any other."""
        if not self.ended:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def close(self, patience: float = 0.5) -> None:
        """Hang up, which ends the worker; after ``patience`` seconds kill it. Nothing is left behind."""
        with contextlib.suppress(OSError):
            self._connection.send_bytes(b'{"quit": true}')
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
        for thread in self._threads:
            thread.join(patience)

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            self._hear()
        code = self._process.wait()
        self._threads[1].join(0.2)  # Its last words come before the news of its end.
        self._connection.close()
        self._deliver(self, {"exit": code})

    def _hear(self) -> None:
        """Until the worker hangs up, which raises EOFError or OSError."""
        while True:
            message = _understood(self._connection.recv_bytes())
            if message is None:
                self.kill()
            elif "hello" in message:
                self.versions = dict(message["hello"])
            else:
                self._deliver(self, message)

    def _note_complaints(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as pipe:
            while line := pipe.readline(NOTED_LINE):
                self._complaints.append(line.decode(errors="replace"))


def _start(target: str, theirs: Connection) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-c", START, target, str(theirs.fileno())],  # -P: nothing from the current folder
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=(theirs.fileno(),),
        env=child_environment(os.environ),
        start_new_session=True,  # Ctrl+C in a terminal is for the editor, which then decides.
    )


def child_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """``ours`` without anything secret, set so that libraries use all cores but one and reach no network."""
    theirs = {name: value for name, value in ours.items() if not _is_secret(name)}
    threads = str(max(1, (os.cpu_count() or 1) - 1))
    theirs.update(OMP_NUM_THREADS=threads, MKL_NUM_THREADS=threads, OPENBLAS_NUM_THREADS=threads, HF_HUB_OFFLINE="1")
    theirs["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [ours.get("PYTHONPATH")])])
    return theirs


def _is_secret(name: str) -> bool:
    upper = name.upper()
    return upper.startswith(SECRETS) or any(word in upper for word in SECRET_WORDS)


def _understood(text: bytes) -> Message | None:
    """The message, or None when it is not one: a worker that talks nonsense is of no use."""
    try:
        message = json.loads(text)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def reason(code: int) -> str:
    """Why a process ended with ``code``, in words: a signal's name for a negative one."""
    if code == -signal.SIGKILL:
        return "it ran out of memory or was killed"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"it crashed ({name})"
    return f"it ended with exit code {code}"
