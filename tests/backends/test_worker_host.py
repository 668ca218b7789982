"""The worker process: jobs in order, cancelled at once, and its death costs one job and nothing else."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.backends import shared_pixels, worker_process
from app.backends.worker_host import Finished, Progress, Report, Waiting, WorkerHost
from app.core.errors import Failed, WorkerLost

ARRAY = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)


async def _job(host: WorkerHost, do: str = "invert", **more: Any) -> list[Report]:
    return [report async for report in host.job({"do": do, **more}, [ARRAY], [ARRAY.shape])]


async def _finished(host: WorkerHost, do: str = "invert") -> Finished:
    last = (await _job(host, do))[-1]
    assert isinstance(last, Finished)
    return last


async def _until_progress(host: WorkerHost, do: str) -> None:
    async with aclosing(host.job({"do": do}, [ARRAY], [ARRAY.shape])) as reports:
        async for report in reports:
            if isinstance(report, Progress):
                return


def _gone(pid: int, *, reaped: bool = True) -> bool:
    """Whether a process ends within two seconds, and whoever started it has noticed."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z" and not reaped:
            return True
        time.sleep(0.02)
    return False


def test_pixels_go_there_and_come_back(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    finished = apart(_finished(odd))
    assert (finished.outputs[0] == 255 - ARRAY).all()
    assert finished.outputs[0].flags.writeable
    assert finished.document["pid"] == odd.pid != os.getpid()
    assert finished.document["nice"] >= 10


def test_a_worker_is_told_no_key(monkeypatch: pytest.MonkeyPatch, apart: Callable[..., Any]) -> None:
    for name in ("FAL_KEY", "FAL_KEY_ID", "SCENARIO_SDK_API_SECRET", "SOME_TOKEN", "db_password"):
        monkeypatch.setenv(name, "canary-7f3a")
    host = WorkerHost("tests.backends.odd_worker", name="odd")

    async def look() -> tuple[Finished, bytes]:
        finished = await _finished(host)
        seen = Path(f"/proc/{host.pid}/environ").read_bytes() + Path(f"/proc/{host.pid}/cmdline").read_bytes()
        await host.close()
        return finished, seen

    finished, seen = apart(look())
    assert b"canary" not in seen and "canary-7f3a" not in finished.document["environment"].values()
    assert finished.document["environment"]["HF_HUB_OFFLINE"] == "1"
    assert int(finished.document["environment"]["OMP_NUM_THREADS"]) == max(1, (os.cpu_count() or 1) - 1)


def test_jobs_run_in_order_and_say_their_place(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    order: list[str] = []

    async def one(name: str) -> list[Report]:
        reports = await _job(odd, said=name)
        order.append(name)
        return reports

    async def all_of_them() -> list[list[Report]]:
        return await asyncio.gather(*(one(name) for name in "abc"))

    first, second, third = apart(all_of_them())
    assert order == ["a", "b", "c"]
    assert not any(isinstance(report, Waiting) for report in first)
    assert [report.position for report in second if isinstance(report, Waiting)] == [1]
    assert [report.position for report in third if isinstance(report, Waiting)] == [2, 1]


@pytest.mark.parametrize(("do", "same"), [("slow", True), ("deaf", False)])
def test_cancel_is_quick_and_the_next_job_works(
    odd: WorkerHost, apart: Callable[..., Any], do: str, same: bool
) -> None:
    async def cancel() -> tuple[float, int | None, Finished]:
        await _finished(odd)
        before = odd.pid
        task = asyncio.create_task(_job(odd, do))
        await asyncio.sleep(0.1)
        started = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.perf_counter() - started, before, await _finished(odd)

    took, before, finished = apart(cancel())
    assert took < 0.5
    assert (finished.document["pid"] == before) is same
    assert same or _gone(before or 0)


def test_a_job_that_still_waits_can_be_cancelled(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    async def cancel() -> Finished:
        first = asyncio.create_task(_job(odd, "slow"))
        second = asyncio.create_task(_job(odd, "slow"))
        third = asyncio.create_task(_finished(odd))
        await asyncio.sleep(0.2)
        second.cancel()
        await asyncio.sleep(0.05)
        assert not first.done() and not third.done()
        first.cancel()
        return await third

    assert apart(cancel()).document["said"] == {"do": "invert"}


def test_closing_the_iterator_stops_the_job(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    async def stop() -> float:
        await _until_progress(odd, "slow")
        started = time.perf_counter()
        await _finished(odd)
        return time.perf_counter() - started

    assert apart(stop()) < 1.0


@pytest.mark.parametrize(
    ("do", "words"),
    [("abort", "SIGABRT"), ("crash", "SIGSEGV"), ("kill", "memory or was killed"), ("exit", "exit code 3")],
)
def test_a_dead_worker_costs_its_job_only(odd: WorkerHost, apart: Callable[..., Any], do: str, words: str) -> None:
    with pytest.raises(WorkerLost, match=words) as caught:
        apart(_job(odd, do))
    assert "Your picture is unchanged" in str(caught.value)
    assert (apart(_finished(odd)).outputs[0] == 255 - ARRAY).all()


def test_killed_from_outside_in_the_middle_of_a_job(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    async def kill() -> None:
        task = asyncio.create_task(_job(odd, "deaf"))
        await asyncio.sleep(0.3)
        assert odd.pid is not None
        os.kill(odd.pid, signal.SIGKILL)
        await task

    with pytest.raises(WorkerLost, match="killed"):
        apart(kill())
    apart(_finished(odd))


def test_a_worker_that_died_while_idle_costs_nothing(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    before = apart(_finished(odd)).document["pid"]
    os.kill(before, signal.SIGKILL)
    assert _gone(before)
    assert apart(_finished(odd)).document["pid"] != before


def test_three_crashes_in_a_row_and_no_more_are_tried(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    for _ in range(2):
        with pytest.raises(WorkerLost):
            apart(_job(odd, "kill"))
    apart(_finished(odd))
    for _ in range(3):
        with pytest.raises(WorkerLost, match="in the middle"):
            apart(_job(odd, "abort"))
    with pytest.raises(WorkerLost, match=r"3 times in a row.*SIGABRT.*restart"):
        apart(_job(odd))
    odd.start()
    apart(_finished(odd))


@pytest.mark.parametrize(
    ("do", "words"),
    [("memory", "out of memory"), ("declined", "^Paint a larger mask.$"), ("fault", "three is not four")],
)
def test_errors_that_the_worker_survives(odd: WorkerHost, apart: Callable[..., Any], do: str, words: str) -> None:
    async def both() -> int:
        with pytest.raises(Failed, match=words) as caught:
            await _job(odd, do)
        assert not isinstance(caught.value, WorkerLost)
        before = odd.pid
        assert (await _finished(odd)).document["pid"] == before
        return 0

    apart(both())


def test_a_worker_that_speaks_nonsense_is_ended(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    with pytest.raises(WorkerLost):
        apart(_job(odd, "nonsense"))
    apart(_finished(odd))


def test_a_silent_worker_is_given_up(apart: Callable[..., Any]) -> None:
    host = WorkerHost("tests.backends.odd_worker", name="odd", silence=0.8)

    async def wait() -> None:
        with pytest.raises(Failed, match="said nothing"):
            await _job(host, "deaf")
        await _finished(host)
        await host.close()

    apart(wait())


def test_a_flood_of_complaints_neither_blocks_nor_grows(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    apart(_finished(odd, "noise"))
    time.sleep(0.1)
    assert len(odd.complaints) <= worker_process.NOTED_LINES * worker_process.NOTED_LINE
    assert odd.complaints.endswith("last words\n")


def test_a_target_that_cannot_be_imported_is_a_lost_worker(apart: Callable[..., Any]) -> None:
    host = WorkerHost("tests.backends.no_such_worker", name="odd")
    with pytest.raises(WorkerLost) as caught:
        apart(_job(host))
    assert "no_such_worker" in caught.value.__notes__[0]
    apart(host.close())


def test_close_ends_the_process_and_a_running_job_within_a_second(apart: Callable[..., Any]) -> None:
    host = WorkerHost("tests.backends.odd_worker", name="odd")

    async def close() -> tuple[float, int, BaseException | None]:
        pid = (await _finished(host)).document["pid"]
        task = asyncio.create_task(_job(host, "deaf"))
        await asyncio.sleep(0.1)
        started = time.perf_counter()
        await host.close()
        took = time.perf_counter() - started
        (trouble,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(trouble, BaseException)
        return took, pid, trouble

    took, pid, trouble = apart(close())
    assert took < 1.0 and _gone(pid)
    assert isinstance(trouble, WorkerLost) and "closed" in str(trouble)
    with pytest.raises(WorkerLost, match="closed"):
        apart(_job(host))


def test_twenty_jobs_some_of_them_killed_leave_nothing_open(odd: WorkerHost, apart: Callable[..., Any]) -> None:
    def held() -> tuple[set[str], int]:
        gc.collect()
        segments = {path.name for path in Path("/dev/shm").iterdir()} if Path("/dev/shm").is_dir() else set()
        return segments, len(list(Path("/proc/self/fd").iterdir()))

    apart(_finished(odd))
    segments, descriptors = held()
    for turn in range(20):
        if turn % 4:
            apart(_finished(odd))
        else:
            with pytest.raises(WorkerLost):
                apart(_job(odd, "kill"))
    after, open_now = held()
    assert after == segments and open_now <= descriptors + 2
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    assert not any(" Z " in Path(f"/proc/{pid}/stat").read_text() for pid in children)


def test_too_little_memory_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, odd: WorkerHost, apart: Callable[..., Any]
) -> None:
    def full(descriptor: int, start: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fallocate", full)
        with pytest.raises(Failed, match="not enough memory"):
            apart(_job(odd))
    apart(_finished(odd))


def test_without_anonymous_memory_a_nameless_file_serves(
    monkeypatch: pytest.MonkeyPatch, odd: WorkerHost, apart: Callable[..., Any]
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    assert (apart(_finished(odd)).outputs[0] == 255 - ARRAY).all()


def test_shared_arrays_do_not_overlap() -> None:
    shapes = [(1, 1), (5, 400, 3), (64,), (3, 3)]
    arrays = [np.full(shape, turn + 1, np.uint8) for turn, shape in enumerate(shapes)]
    block = shared_pixels.SharedPixels(arrays, [(7, 7), (0, 3)])
    block.fill()
    places = sorted([*block.arrays, *block.outputs])
    for (start, shape), (following, _) in pairwise(places):
        assert start % 64 == 0 and start + int(np.prod(shape)) <= following
    assert [output.shape for output in block.read_outputs()] == [(7, 7), (0, 3)]
    block.close()
    block.close()


def test_a_worker_does_not_outlive_a_killed_editor() -> None:
    """The editor here is a plain script without a main guard, which must not be run again in the worker."""
    script = (
        "import time; from app.backends.worker_host import WorkerHost; "
        "host = WorkerHost('tests.backends.odd_worker', name='odd'); host.start(); print(host.pid, flush=True); "
        "time.sleep(30)"
    )
    editor = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=worker_process.ROOT)
    assert editor.stdout is not None
    with editor:
        worker = int(editor.stdout.readline())
        time.sleep(0.3)
        assert Path(f"/proc/{worker}").exists()
        editor.kill()
    assert _gone(worker, reaped=False), "an orphan is reaped by the system, in its own time"


def test_a_signal_without_a_name_has_its_number() -> None:
    assert worker_process.reason(-63) == "it crashed (signal 63)"
