"""The first frame: the window is seen before the libraries that work on pixels are loaded.

NumPy and OpenCV alone take longer to import than Qt takes to show a window, so ``compose`` is imported afterwards.
"""

import gc
import importlib
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.state.settings import Settings
from app.store.log import start_log
from app.store.places import Places
from app.ui.icons import app_icon
from app.ui.theme import wear
from app.ui.window import Window

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
FIRST_FRAME = 0.5
"""Seconds to wait at most for the desktop to show the window."""


def main(arguments: list[str], profile: Path | None = None) -> int:
    """Open the window on the picture named in ``arguments``, if any, and run until it is closed."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in DISPLAYS):
        print("There is no display to open a window on; 'mendbrush --help' lists what works without.", file=sys.stderr)
        return 2
    gc.disable()  # what is loaded stays: looking through it took 30 ms. ``compose``'s Collector takes over
    places = Places.below(profile) if profile is not None else Places.for_user()
    start_log(places.state)
    # Every point that the hand reported belongs to the stroke: none may be merged with the next.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Mendbrush")
    app.setDesktopFileName("mendbrush")
    settings = Settings(places.settings)
    window = first_frame(app, settings)
    picture = Path(arguments[0]) if arguments else None
    return int(importlib.import_module("app.compose").run(app, window, settings, places, picture))


def first_frame(app: QApplication, settings: Settings) -> Window:
    """The empty window in its place and its colours, painted."""
    wear(app, settings.get("theme", "dark"))
    app.setWindowIcon(app_icon())
    window = Window()
    window.bring_back(settings.get("window", {}))
    window.show()
    handle = window.windowHandle()
    until = time.monotonic() + FIRST_FRAME
    while not handle.isExposed() and time.monotonic() < until:
        app.processEvents()
    app.processEvents()
    return window
