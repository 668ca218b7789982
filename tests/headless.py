"""The program without a window, called in this process or as one of its own, and pictures to give it."""

import asyncio
import contextlib
import importlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.__main__ import main

importlib.import_module("app.cli")  # at once: a test that runs as nobody may not read Python's own files

ROOT = Path(__file__).resolve().parents[1]
U8 = NDArray[np.uint8]


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class Headless:
    """Runs commands in ``folder`` with the profile ``folder``/profile."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ended:
        """In this process: what counts is what is printed, written and returned."""
        words = ["--profile", str(self.folder / "profile"), *map(str, arguments)]
        self._capsys.readouterr()
        with _alone():
            try:
                code = main(words)
            except SystemExit as stop:  # argparse's way to end
                code = int(stop.code or 0)
        printed = self._capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    def started(self, *arguments: object, **streams: int) -> "subprocess.Popen[str]":
        """As a process of its own, for what concerns the process: signals, streams, what is left behind."""
        words = [*self.words, *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        return subprocess.Popen(words, text=True, cwd=self.folder, env=environment(), **pipes)  # type: ignore[call-overload, no-any-return]  # the streams by name

    def in_shell(self, text: str) -> Ended:
        """``text`` as a shell's command; "$RUN" stands for the program with the profile."""
        run = " ".join(f"'{word}'" for word in self.words)
        done = subprocess.run(
            ["sh", "-c", text.replace("$RUN", run)],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment(),
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    @property
    def words(self) -> list[str]:
        """The program's command line up to its command."""
        return [sys.executable, "-m", "app", "--profile", str(self.folder / "profile")]


def environment() -> dict[str, str]:
    """Ours, without a display."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return {**kept, "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """As in a fresh process: the session's Qt loop is not seen, and the log's handlers go away again."""
    running, root = asyncio.events._get_running_loop(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    asyncio.events._set_running_loop(None)
    try:
        yield
    finally:
        asyncio.events._set_running_loop(running)
        if running is not None:
            asyncio.set_event_loop(running)
        for handler in [handler for handler in root.handlers if handler not in handlers]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
        logging.captureWarnings(False)


def a_photo(size: tuple[int, int] = (160, 120)) -> U8:
    """(height, width, 3) uint8 of a grained slope."""
    rng = np.random.default_rng(3)
    slope = np.linspace(20, 200, size[0])[None, :, None]
    return np.clip(slope + rng.integers(0, 40, (size[1], size[0], 3)), 0, 255).astype(np.uint8)


def disc(shape: tuple[int, int], centre: tuple[int, int], radius: int) -> U8:
    """A mask of ``shape`` (height, width) with one disc at ``centre`` (x, y)."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    return np.where((x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= radius**2, 255, 0).astype(np.uint8)


def pixels(path: Path) -> U8:
    """What a picture file holds."""
    with Image.open(path) as image:
        return np.asarray(image, np.uint8)
