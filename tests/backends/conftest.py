"""What the backends' tests share: workers that are started once, and an event loop that is not the window's."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from app.backends.worker_host import WorkerHost

T = TypeVar("T")
Apart = Callable[[Coroutine[Any, Any, T]], T]


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` on a loop and a thread of its own: other tests declare the window's loop running on this one."""
    found: list[T] = []
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            found.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - carried to the test's thread, whatever it is.
            trouble.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "the coroutine hangs"
    if trouble:
        raise trouble[0]
    return found[0]


@pytest.fixture(name="apart", scope="session")
def _apart() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    return apart


@pytest.fixture(scope="session")
def classic() -> Iterator[WorkerHost]:
    """The real engines, started once."""
    host = WorkerHost("app.engines.worker", name="classic")
    host.start()
    yield host
    apart(host.close())


@pytest.fixture(scope="session")
def odd_host() -> Iterator[WorkerHost]:
    """Started once; see ``odd``."""
    host = WorkerHost("tests.backends.odd_worker", name="odd")
    yield host
    apart(host.close())


@pytest.fixture
def odd(odd_host: WorkerHost) -> WorkerHost:
    """A worker that misbehaves on demand, alive and with its crashes forgotten."""
    odd_host.start()
    return odd_host
