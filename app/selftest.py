"""The whole flow in a real window, driven by real events: open, paint, fill, compare, accept, undo, quit."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.compose import Program, fresh, make_loop
from app.core.arrays import Pixels
from app.state.document import Document
from app.store.places import Places

PATIENCE = 60.0
"""Seconds that any one step may take."""


class StepFailed(Exception):
    """A step did not come true."""


def main(arguments: list[str], profile: Path | None = None) -> int:
    """Run the steps in a profile of their own (or in ``profile``); say each on stderr."""
    if arguments:
        print("mendbrush: self-test takes no arguments.", file=sys.stderr)
        return 2
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication(sys.argv[:1])
    loop = make_loop(app)
    with tempfile.TemporaryDirectory(prefix="mendbrush-") as folder, loop:
        places = Places.below(profile or Path(folder))
        return int(loop.run_until_complete(_run(fresh(app, loop, places))))


async def _run(program: Program) -> int:
    try:
        await _steps(program)
    except StepFailed as failure:
        print(f"failed: {failure}", file=sys.stderr)
        return 1
    finally:
        program.window.close_for_good()
        await program.close()
    print("self-test passed", file=sys.stderr)
    return 0


async def _steps(program: Program) -> None:
    document, entries = program.document, program.history.entries
    program.start(None)
    await _until("the sample opens", lambda: document.picture is not None)
    assert document.picture is not None and document.mask is not None
    document.clear()
    before = document.picture.pixels.copy()
    _stroke(program)
    await _until("a stroke masks pixels", lambda: document.mask is not None and document.mask.count() > 100)
    mask = document.mask.pixels.copy()
    known = len(entries())
    program.window.action("generate").trigger()
    await _until("the fill ends in the history", lambda: len(entries()) > known)
    await _until("the result is previewed", lambda: program.review.preview is not None)
    program.window.action("compare").trigger()
    await _until("the comparison shows", lambda: program.compare.isVisible())
    program.window.action("compare").trigger()
    await _until("the canvas is back", lambda: program.canvas.isVisible())
    program.window.action("accept").trigger()
    await _until("the result is accepted", lambda: bool(document.base))
    _check("only masked pixels changed", _changed_only_inside(before, document.picture.pixels, mask))
    program.window.action("undo").trigger()
    await _until("undo gives every byte back", lambda: _same(before, document))


def _stroke(program: Program) -> None:
    """Press, drag and release the left button across the middle of the canvas."""
    canvas = program.canvas
    middle = QPointF(canvas.rect().center())
    points = [middle + QPointF(step * 4.0, step * 2.0) for step in range(-8, 9)]
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    _send(program, QMouseEvent.Type.MouseButtonPress, points[0], left, left)
    for point in points:
        _send(program, QMouseEvent.Type.MouseMove, point, none, left)
    _send(program, QMouseEvent.Type.MouseButtonRelease, points[-1], left, none)


def _send(
    program: Program, kind: QMouseEvent.Type, at: QPointF, button: Qt.MouseButton, buttons: Qt.MouseButton
) -> None:
    everywhere = program.canvas.mapToGlobal(at)
    event = QMouseEvent(kind, at, everywhere, button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(program.canvas, event)


async def _until(what: str, true: Callable[[], bool]) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await asyncio.sleep(0.01)
    except TimeoutError as late:
        raise StepFailed(f"{what} (not within {PATIENCE:.0f} s)") from late
    print(f"ok: {what}", file=sys.stderr)


def _check(what: str, true: bool) -> None:
    if not true:
        raise StepFailed(what)
    print(f"ok: {what}", file=sys.stderr)


def _changed_only_inside(before: Pixels, after: Pixels, mask: Pixels) -> bool:
    changed = np.any(before != after, axis=2)
    return bool(changed.any()) and not changed[mask == 0].any()


def _same(before: Pixels, document: Document) -> bool:
    return document.picture is not None and bool((document.picture.pixels == before).all())
