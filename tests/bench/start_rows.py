"""From nothing to the first painted frame, and to a canvas with a picture on it: whole processes, bytecode warm."""

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.bench.framework import Timed, row

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
while not window.windowHandle().isExposed():
    app.processEvents()
app.processEvents()
import os; os._exit(0)
"""
FRAME = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.start import first_frame
from app.state.settings import Settings
from app.store.places import Places
app = QApplication([])
first_frame(app, Settings(Places.below(Path(sys.argv[1])).settings))
import os; os._exit(0)
"""
READY = """
import gc, importlib, os, sys
gc.disable()  # as app.start does
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.start import first_frame
from app.state.settings import Settings
from app.store.places import Places
app = QApplication([])
places = Places.below(Path(sys.argv[1]))
settings = Settings(places.settings)
window = first_frame(app, settings)
compose = importlib.import_module("app.compose")
loop = compose.make_loop(app)
program = compose.Program(app, loop, places, settings, window)
def seen():
    window.grab()
    os._exit(0)
program.document.opened.connect(lambda: QTimer.singleShot(0, seen))
with loop:
    loop.call_soon(program.start, None)
    loop.run_forever()
"""


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """A profile and a place for bytecode, until this process ends."""
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # a worker may still be writing there


def process(script: str) -> None:
    """Run a script as Python would run the program."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept |= {"PYTHONPYCACHEPREFIX": f"{folder().name}/bytecode", "PYTHONPATH": str(Path.cwd())}
    kept.setdefault("QT_QPA_PLATFORM", "offscreen")
    subprocess.run([sys.executable, "-c", script, f"{folder().name}/profile"], check=True, env=kept)


@row("start to the first painted frame", against="bare QMainWindow", budget=1.8, limit=0.7)
def first_frame() -> Timed:
    """The window with its menus, in its place and its colours."""
    return Timed(lambda: process(FRAME), lambda: process(BARE), rounds=7)


@row("start to the sample on the canvas", limit=0.7)
def ready() -> Timed:
    """Everything loaded, built, connected and painted."""
    return Timed(lambda: process(READY), rounds=5)
