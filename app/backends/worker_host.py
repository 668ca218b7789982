"""Keeps one worker process at hand and runs jobs in it, one after another.

Works on any asyncio loop: the worker's messages come in on a thread and are posted to the loop of their job.
"""

import asyncio
import contextlib
import uuid
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.backends.shared_pixels import SharedPixels
from app.backends.worker_process import Message, WorkerProcess, reason
from app.core.arrays import Pixels
from app.core.errors import Failed, WorkerLost

T = TypeVar("T")

MOST_CRASHES = 3
"""So many jobs in a row that took the worker with them, and no more are tried."""


@dataclass(frozen=True)
class Waiting:
    """``position`` jobs of this worker come first."""

    position: int


@dataclass(frozen=True)
class Progress:
    """The part done, 0 to 1, and the stage in words."""

    fraction: float
    stage: str


@dataclass(frozen=True, eq=False)
class Finished:
    """What the engine says about its work, and copies of the outputs."""

    document: Mapping[str, Any]
    outputs: tuple[Pixels, ...]


Report = Waiting | Progress | Finished


class _Turn:
    """A job's place in the line, and where its messages arrive."""

    def __init__(self) -> None:
        self.job = uuid.uuid4().hex
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self.moved = asyncio.Event()
        self.process: WorkerProcess | None = None
        self._loop = asyncio.get_running_loop()

    def post(self, message: Message) -> None:
        """From any thread."""
        with contextlib.suppress(RuntimeError):  # The loop was closed meanwhile: nobody waits any more.
            self._loop.call_soon_threadsafe(self.messages.put_nowait, message)


class WorkerHost:
    """A worker of the module ``target`` ("app.engines.worker"), which only the child imports.

    ``name`` is what messages call it ("classic": "The classic engine stopped"). A cancelled job has ``patience``
    seconds to stop by itself before the process is killed; one silent for ``silence`` seconds is given up.
    """

    def __init__(self, target: str, *, name: str, patience: float = 0.3, silence: float = 600.0) -> None:
        self._target = target
        self._name = name
        self._patience = patience
        self._silence = silence
        self._process: WorkerProcess | None = None
        self._line: deque[_Turn] = deque()
        self._current: _Turn | None = None
        self._closed = False
        self._crashes = 0
        self._last_reason = ""

    def start(self) -> None:
        """Start the worker if there is none; returns at once, it warms up by itself. Ends a refusal after crashes."""
        self._closed = False
        self._crashes = 0
        self._ready()

    @property
    def pid(self) -> int | None:
        """The worker's process number, None when none runs."""
        return self._process.pid if self._process is not None and not self._process.ended else None

    @property
    def complaints(self) -> str:
        """The last lines the worker wrote to its standard error, for an error's details."""
        return self._process.complaints if self._process is not None else ""

    async def job(
        self, message: Mapping[str, Any], arrays: Sequence[Pixels], outputs: Sequence[tuple[int, ...]]
    ) -> AsyncGenerator[Report, None]:
        """Run one job: its place in the line while it waits, its progress, and at last Finished.

        ``arrays`` are uint8 and travel in shared memory; ``outputs`` are the shapes of the uint8 arrays that come back.
        Cancelling the task that iterates, or closing the iterator, stops the job; the next one then runs in order.
        Raises Failed when the engine cannot do it, WorkerLost when the process ends in the middle.
        """
        turn = _Turn()
        self._line.append(turn)
        try:
            async for report in self._wait(turn):
                yield report
            shared = SharedPixels(arrays, outputs)
            try:
                await _in_thread(shared.fill)
                async with contextlib.aclosing(self._run(turn, message, shared)) as reports:
                    async for report in reports:
                        yield report
            finally:
                await _in_thread(shared.close)  # giving hundreds of megabytes back takes the system a moment too
        finally:
            self._line.remove(turn)
            for other in self._line:
                other.moved.set()

    async def close(self) -> None:
        """End the process, within a second; a job that still runs fails."""
        self._closed = True
        process, self._process = self._process, None
        if process is not None:
            await asyncio.to_thread(process.close)

    async def _wait(self, turn: _Turn) -> AsyncGenerator[Report, None]:
        while (position := self._line.index(turn)) > 0:
            yield Waiting(position)
            await turn.moved.wait()
            turn.moved.clear()

    async def _run(self, turn: _Turn, message: Mapping[str, Any], shared: SharedPixels) -> AsyncGenerator[Report, None]:
        self._refuse()
        self._current = turn
        order = {"job": turn.job, "bytes": shared.size, "arrays": shared.arrays, "outputs": shared.outputs}
        process = self._send(turn, {**order, "message": dict(message)}, shared)
        over = False
        try:
            while not over:
                heard = await self._next(turn, process)
                over = "progress" not in heard
                if over:
                    yield await self._end(heard, process, shared)
                else:
                    yield Progress(float(heard["progress"]), str(heard.get("stage", "")))
        finally:
            if not over:
                await self._abandon(turn, process)
            self._current = None

    async def _next(self, turn: _Turn, process: WorkerProcess) -> Message:
        try:
            async with asyncio.timeout(self._silence):
                return await turn.messages.get()
        except TimeoutError:
            process.kill()
            raise Failed(
                f"The {self._name} engine said nothing for {self._silence:.0f} seconds and was stopped; "
                "try a smaller mask."
            ) from None

    def _send(self, turn: _Turn, order: Message, shared: SharedPixels) -> WorkerProcess:
        turn.process = process = self._ready()
        try:
            process.send(order, shared)
        except OSError:
            # It died while nothing ran in it: that costs a new start, not a job.
            self._renew(process)
            turn.process = process = self._ready()
            process.send(order, shared)
        return process

    async def _end(self, heard: Message, process: WorkerProcess, shared: SharedPixels) -> Finished:
        """The job's result. Raises what the last message says instead."""
        if "exit" in heard:
            raise self._lost(process, int(heard["exit"]))
        self._crashes = 0
        if "result" in heard:
            return Finished(heard["result"], await _in_thread(shared.read_outputs))
        raise Failed(_trouble(self._name, str(heard.get("error")), str(heard.get("text", ""))))

    def _lost(self, process: WorkerProcess, code: int) -> WorkerLost:
        self._last_reason = reason(code)
        if self._closed:
            return WorkerLost(
                f"The {self._name} engine was closed in the middle of the job; your picture is unchanged."
            )
        self._crashes += 1
        self._renew(process)
        lost = WorkerLost(
            f"The {self._name} engine stopped in the middle of the job: {self._last_reason}. "
            "Your picture is unchanged; try again, with a smaller mask if it happens twice."
        )
        lost.add_note(process.complaints)
        return lost

    def _refuse(self) -> None:
        if self._closed:
            raise WorkerLost(f"The {self._name} engine is closed; start the program again.")
        if self._crashes >= MOST_CRASHES:
            raise WorkerLost(
                f"The {self._name} engine stopped {self._crashes} times in a row (the last time, {self._last_reason}); "
                "restart the program, or choose another method."
            )

    async def _abandon(self, turn: _Turn, process: WorkerProcess) -> None:
        """Ask the worker to stop; kill it when it does not, and have the next one warm up."""
        stopped = False
        try:
            process.send({"cancel": turn.job})
            async with asyncio.timeout(self._patience):
                while "progress" in (heard := await turn.messages.get()):
                    pass
            stopped = "exit" not in heard
        except (OSError, TimeoutError):
            stopped = False
        finally:
            if not stopped:
                process.kill()
                self._renew(process)

    def _ready(self) -> WorkerProcess:
        """The running worker, or a new one."""
        if self._process is None or self._process.ended:
            self._process = WorkerProcess(self._target, self._heard)
        return self._process

    def _renew(self, lost: WorkerProcess) -> None:
        """A new worker in the place of ``lost``, unless that was closed on purpose."""
        if self._process is lost:
            self._process = WorkerProcess(self._target, self._heard)

    def _heard(self, process: WorkerProcess, message: Message) -> None:
        """A message, on the thread that listens to ``process``. Earlier processes and jobs are of no interest."""
        turn = self._current
        if turn is not None and process is turn.process and message.get("job", turn.job) == turn.job:
            turn.post(message)


async def _in_thread(work: Callable[[], T]) -> T:
    """Run ``work`` beside the loop. A cancellation waits for its end: the memory it works on is freed after it."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _trouble(name: str, kind: str, text: str) -> str:
    """A sentence about an error that the worker survived."""
    if kind == "declined":
        return text
    if kind == "memory":
        return f"The {name} engine ran out of memory; fill a smaller area, or close other programs, and try again."
    return f"The {name} engine could not finish ({text[:300]}); try another method or another mask."
