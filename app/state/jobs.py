"""The jobs that run: started, watched, cancelled, closed with the program. The one place that catches a job's end."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.errors import AppError, Failed, Refused
from app.core.request import Backend, Event, Queued, Running
from app.state.job import Sending, run_job
from app.store.history import HistoryStore
from app.store.records import Entry


@dataclass(frozen=True)
class JobView:
    """What is seen of a running job. ``fraction`` is 0 to 1 or None; ``position`` how many are ahead, or None."""

    id: str
    title: str
    backend: str
    state: Literal["sending", "queued", "running"] = "sending"
    position: int | None = None
    fraction: float | None = None
    stage: str = ""
    started: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        """Seconds since the click."""
        return time.monotonic() - self.started


class Jobs(QObject):
    """Runs requests on their backends. ``finished`` carries the new history entries, ``failed`` the error to show."""

    started = Signal(str)
    changed = Signal(str)
    ended = Signal(str)
    finished = Signal(str, object)
    failed = Signal(str, object)
    refused = Signal(object, object)
    """The request and the ``Refused`` that says which of its fields are at fault; ``failed`` follows."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        backends: Mapping[str, Backend],
        store: HistoryStore,
        executor: Executor,
    ) -> None:
        super().__init__()
        self._loop = loop
        self._backends = backends
        self._store = store
        self._executor = executor
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._views: dict[str, JobView] = {}

    def backend(self, name: str) -> Backend:
        """The backend of that name."""
        return self._backends[name]

    def running(self) -> Sequence[JobView]:
        """The jobs at work, oldest first."""
        return tuple(self._views.values())

    def start(self, sending: Sending) -> str:
        """Run a request; its id names the job from now on."""
        request = sending.request
        self._views[request.id] = JobView(request.id, request.endpoint.title, request.backend)
        task = self._loop.create_task(self._run(sending), name=f"job {request.id}")
        task.add_done_callback(lambda _: self._forget(request.id))  # one that is cancelled at once never begins
        self._tasks[request.id] = task
        self.started.emit(request.id)
        return request.id

    def cancel(self, job_id: str) -> None:
        """Stop a job; nothing happens when it has ended already."""
        task = self._tasks.get(job_id)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Cancel every job and wait for its end."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, sending: Sending) -> None:
        job_id = sending.request.id
        entries: list[Entry] = []
        error: AppError | None = None
        try:
            backend = self._backends[sending.request.backend]
            entries = await run_job(
                sending, backend, self._store, self._executor, lambda event: self._report(job_id, event)
            )
        except asyncio.CancelledError:
            pass  # a normal end: the journal has it, and whoever cancelled knows
        except AppError as failure:
            error = failure
        except Exception as fault:  # noqa: BLE001 - the one broad catch for jobs: a fault of ours must not look like a job that runs on
            self._loop.call_exception_handler({"message": f"job {job_id}", "exception": fault})
            error = Failed("Something in the program failed while it did this job; the log has the details. Try again.")
        self._forget(job_id)
        if entries:
            self.finished.emit(job_id, entries)
        if isinstance(error, Refused) and error.fields:
            self.refused.emit(sending.request, error)
        if error is not None:
            self.failed.emit(job_id, error)

    def _forget(self, job_id: str) -> None:
        self._tasks.pop(job_id, None)
        if self._views.pop(job_id, None) is not None:
            self.ended.emit(job_id)

    def _report(self, job_id: str, event: Event) -> None:
        view = self._views.get(job_id)
        if view is None:
            return
        match event:
            case Queued(position=position):
                view = replace(view, state="queued", position=position)
            case Running(fraction=fraction, stage=stage):
                view = replace(view, state="running", position=None, fraction=fraction, stage=stage or view.stage)
        self._views[job_id] = view
        self.changed.emit(job_id)
