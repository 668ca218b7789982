"""Presets as the window shows them: read and written on a thread, applied to the parameters."""

import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.endpoint import Endpoint
from app.core.errors import AppError, InputError, StoreError
from app.core.preset import LONGEST, Preset, preset_name, preset_note
from app.state.beside import beside
from app.state.parameters import Parameters
from app.store.presets import PresetStore

_Found = tuple[int, list[Preset], list[str], Preset | None]
"""Number of the reading, presets, problems, and the preset that was taken from a file."""


class Presets(QObject):
    """Knows every preset. ``failed`` brings an AppError, ``taken`` the preset that came from a file, as it is kept."""

    changed = Signal()
    failed = Signal(object)
    taken = Signal(object)

    def __init__(self, store: PresetStore, parameters: Parameters, executor: Executor) -> None:
        super().__init__()
        self._store = store
        self._parameters = parameters
        self._executor = executor
        self._presets: tuple[Preset, ...] = ()
        self._problems: list[str] = []
        self._alone = threading.Lock()
        self._readings = 0
        self._shown = 0
        self.read()

    def read(self) -> None:
        """Read all presets again, those that another program saved meanwhile among them."""
        self._do(lambda: None)

    def for_endpoint(self, endpoint: Endpoint) -> Sequence[Preset]:
        """Those made for ``endpoint``, built-in ones first, each kind by name."""
        return [preset for preset in self._presets if preset.endpoint == endpoint.id]

    def others(self, endpoint: Endpoint) -> Sequence[Preset]:
        """Those made for any other endpoint: applied here, their values are mapped."""
        return [preset for preset in self._presets if preset.endpoint != endpoint.id]

    def save(self, name: str, note: str = "") -> tuple[Preset, Preset | None]:
        """Keep what is set now, and the blend, under ``name``; an own preset of that name is replaced.

        Returns the preset and the replaced one, if there was any, for ``keep`` to bring back. Raises
        InputError for a name or note that cannot be used; trouble with the disk comes as ``failed``.
        """
        parameters = self._parameters
        preset = Preset(
            preset_name(name), parameters.endpoint.id, parameters.values, parameters.blend, preset_note(note)
        )
        before = next((known for known in self._presets if known.key == preset.key), None)
        if before is not None and before.built_in:
            raise InputError(f"“{preset.name}” is a preset that comes with the program: choose another name.")
        self.keep(preset)
        return preset, before

    def keep(self, preset: Preset) -> None:
        """Keep a preset as it is: one that was removed comes back."""
        self._do(partial(self._store.save, replace(preset, built_in=False)))

    def remove(self, preset: Preset) -> None:
        """Take an own preset away."""
        self._do(partial(self._store.remove, preset))

    def apply(self, preset: Preset) -> None:
        """Put a preset's values, and its blend if it has one, onto the chosen endpoint."""
        self._parameters.apply(preset.values, preset.endpoint, preset.blend)

    def share(self, preset: Preset, path: Path) -> None:
        """Write a preset to a file for somebody else."""
        self._do(partial(self._store.write_file, path, preset))

    def take(self, path: Path) -> None:
        """Keep the preset in a file from somewhere else, under another name where its own is in use."""
        self._do(partial(self._taken, path))

    def _taken(self, path: Path) -> Preset:
        """On the executor's thread."""
        preset = self._store.read_file(path)
        known = {other.key: other for other in self._store.read()[0]}
        number = 1
        free = preset
        while free.key in known and replace(known[free.key], built_in=False) != free:
            number += 1
            free = replace(preset, name=_numbered(preset.name, number))
        if free.key not in known:
            self._store.save(free)
        return known.get(free.key, free)

    def _do(self, work: Callable[[], Preset | None]) -> None:
        """Do ``work`` and read everything again, on a thread, one after another."""

        def done_and_read() -> _Found:
            with self._alone:
                taken = work()
                self._readings += 1
                return self._readings, *self._store.read(), taken

        beside(self._executor, done_and_read, self._arrived)

    def _arrived(self, done: "Future[_Found]") -> None:
        try:
            number, presets, problems, taken = done.result()
        except AppError as error:
            self.failed.emit(error)
            return
        if number > self._shown:
            self._shown = number
            fresh = [problem for problem in problems if problem not in self._problems]
            self._problems = problems
            if tuple(presets) != self._presets:
                self._presets = tuple(presets)
                self.changed.emit()
            if fresh:
                self.failed.emit(_told(fresh))
        if taken is not None:
            self.taken.emit(taken)


def _told(problems: list[str]) -> StoreError:
    """The first of them as a sentence, the others behind "More"."""
    error = StoreError(problems[0] if len(problems) == 1 else f"{problems[0]} ({len(problems) - 1} more like this.)")
    for problem in problems[1:20]:
        error.add_note(problem)
    return error


def _numbered(name: str, number: int) -> str:
    """ "Fast" -> "Fast 2", "Fast 2" -> "Fast 3"; never longer than a name may be."""
    bare = re.sub(r" \d{1,6}$", "", name) or name
    ending = f" {number}"
    return f"{bare[: LONGEST - len(ending)].rstrip()}{ending}"
