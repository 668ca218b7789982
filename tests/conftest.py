"""What every test shares: no display, one event loop for the whole run, and a check that nothing is left behind.

A second qasync loop in one process crashes, so the loop is made once per session and said to be running already: tests
start coroutines with ``run`` and wait with pytest-qt.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.state.collecting import collect_due

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

gc.disable()  # as in the program: garbage with widgets in it that is collected on another thread ends the process

T = TypeVar("T")
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked ``shared`` need the example pictures beside the checkout; without them they skip and say so."""
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="the example pictures and documents are not beside this checkout")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of example pictures and documents (only for tests marked ``shared``)."""
    return SHARED


@pytest.fixture(scope="session")
def loop(qapp: "QApplication") -> Iterator[asyncio.AbstractEventLoop]:
    """The one event loop: Qt's, already running."""
    from qasync import QEventLoop

    qapp.setQuitOnLastWindowClosed(False)
    made = QEventLoop(qapp, already_running=True)
    threads = ThreadPoolExecutor(2)
    made.set_default_executor(threads)  # its own are QThreads, which nobody ends in a loop that is never closed
    asyncio.set_event_loop(made)
    asyncio.events._set_running_loop(made)
    yield made
    threads.shutdown()
    asyncio.events._set_running_loop(None)


@pytest.fixture
def run(loop: asyncio.AbstractEventLoop, qtbot: "QtBot") -> Callable[[Coroutine[Any, Any, T]], T]:
    """Run a coroutine on the session's loop and give back what it returns."""

    def runner(work: Coroutine[Any, Any, T], timeout: int = 20_000) -> T:
        task = loop.create_task(work)
        qtbot.waitUntil(task.done, timeout=timeout)
        return task.result()

    return runner


@pytest.fixture
def qtbot(qtbot: "QtBot") -> "QtBot":
    """pytest-qt's own, which knows widgets by weak references only: a window is kept until its test is over.

    Else the last reference may be a menu's connection, and the menu's end would be the end of the window above it: Qt
    deletes the menu twice.
    """
    kept: list[object] = []
    add = qtbot.addWidget

    def add_and_keep(widget: Any, **options: Any) -> None:
        kept.append(widget)
        add(widget, **options)

    qtbot.addWidget = add_and_keep  # type: ignore[method-assign]
    return qtbot


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves a task, a top-level widget or a shared-memory segment."""
    segments = _segments()
    yield
    problems = [f"shared memory {name}" for name in sorted(_segments() - segments)]
    if "PySide6.QtWidgets" in sys.modules:
        problems += _widgets_left()
    if "loop" in request.fixturenames:
        problems += [f"task {task!r}" for task in asyncio.all_tasks(request.getfixturevalue("loop")) if not task.done()]
    collect_due()
    assert not problems, "left behind: " + "; ".join(problems)


def _segments() -> set[str]:
    folder = Path("/dev/shm")
    return {path.name for path in folder.glob("psm_*")} if folder.is_dir() else set()


def _widgets_left() -> list[str]:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    if visible:
        gc.collect()
        visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    left = [f"window {widget!r}" for widget in visible]
    for widget in visible:
        widget.close()
    return left
