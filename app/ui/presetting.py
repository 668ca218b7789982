"""Values on the move: presets, copying and pasting, and what is said when values went from one place to another."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from app.core.carry import Carried, Move, summary
from app.core.errors import AppError
from app.core.exchange import parameters_document, read_parameters
from app.core.preset import Preset
from app.state.parameters import Parameters
from app.state.presets import Presets
from app.ui.dialogs import ask_open, ask_save
from app.ui.endpoints.page import Page
from app.ui.icons import icon
from app.ui.message_bar import Message, MessageBar, Tone
from app.ui.panel import ParameterPanel
from app.ui.plain_text import one_line, tip

FILES: Final = "Presets (*.json)"
_MOST: Final = 12
"""Presets that stand in the menu itself; the rest is below "More"."""


class Cause(NamedTuple):
    """Why values moved: how a report of them opens, and how one opens that has only good news."""

    said: str
    said_of_all: str


class Presetting(QObject):
    """Connects presets and clipboard to the parameters, and says in the message bar what became of the values."""

    def __init__(
        self,
        window: QWidget,
        panel: ParameterPanel,
        parameters: Parameters,
        presets: Presets,
        messages: MessageBar,
    ) -> None:
        super().__init__()
        self._window, self._parameters = window, parameters
        self._presets, self._messages = presets, messages
        self._reported: Message | None = None
        self._cause: Cause | None = None
        parameters.endpoint_changed.connect(self._end_report)
        parameters.carried.connect(self._report)
        presets.failed.connect(self._failed)
        presets.taken.connect(self._taken)
        panel.presets_menu.aboutToShow.connect(lambda: self.fill(panel.presets_menu))

    def commands(self) -> dict[str, Callable[[], object]]:
        """By the names of ``app.ui.commands``."""
        return {
            "save-preset": self.save,
            "copy-values": self.copy,
            "paste-values": self.paste,
            "reset-values": self.reset,
        }

    # -- presets -----------------------------------------------------------------------------------------------------

    def fill(self, menu: QMenu) -> None:
        """The menu of presets as it stands now."""
        menu.clear()
        menu.setToolTipsVisible(True)
        here = self._presets.for_endpoint(self._parameters.endpoint)
        others = self._presets.others(self._parameters.endpoint)
        if not here:
            menu.addAction("No presets for this endpoint yet").setEnabled(False)
        for preset in here[:_MOST]:
            self._add(menu, preset)
        if here[_MOST:]:
            self._fill_with(menu.addMenu("More"), here[_MOST:])
        if others:
            self._fill_with(menu.addMenu("Of other endpoints"), others)
        menu.addSeparator()
        menu.addAction(icon("save", size=16), "Save as preset…", self.save)
        menu.addAction("Open a shared preset…", self.open_shared)
        share, remove = menu.addMenu("Share as a file"), menu.addMenu("Delete")
        own = [preset for preset in (*here, *others) if not preset.built_in]
        for preset in own:
            name = self._named(preset)
            share.addAction(name).triggered.connect(lambda _=False, preset=preset: self.share(preset))
            remove.addAction(name).triggered.connect(lambda _=False, preset=preset: self._remove(preset))
        for below in (share, remove):
            below.setEnabled(bool(own))

    def save(self) -> None:
        """Ask for a name and keep the values under it."""
        page = SavePage(self._presets, self._parameters, self._window)
        page.saved.connect(self._saved)
        page.show()

    def use(self, preset: Preset) -> None:
        """Put a preset's values onto the chosen endpoint."""
        called = f"“{one_line(preset.name, 40)}”"
        with self._because(Cause(called, f"{called} sets")):
            self._presets.apply(preset)

    def share(self, preset: Preset) -> None:
        """Write a preset to a file for somebody else."""
        proposed = Path.home() / f"{''.join(c if c.isalnum() or c in ' -_' else '_' for c in preset.name)[:60]}.json"
        ask_save(self._window, "Share preset", proposed, FILES, lambda path: self._presets.share(preset, path))

    def open_shared(self) -> None:
        """Take over a preset from a file."""
        ask_open(self._window, "Open a shared preset", None, FILES, self._presets.take)

    def _fill_with(self, menu: QMenu, presets: Sequence[Preset]) -> None:
        menu.setToolTipsVisible(True)
        for preset in presets:
            self._add(menu, preset)

    def _named(self, preset: Preset) -> str:
        """Its name for a menu, with the endpoint where it is another one's."""
        name = _menu_words(preset.name)
        if preset.endpoint == self._parameters.endpoint.id:
            return name
        known = {endpoint.id: endpoint.title for endpoint in self._parameters.endpoints}
        return f"{name} · {_menu_words(known.get(preset.endpoint, preset.endpoint))}"

    def _add(self, menu: QMenu, preset: Preset) -> None:
        action = QAction(self._named(preset), menu)
        action.setToolTip(tip("\n".join(text for text in (preset.note, _values_words(preset)) if text)))
        action.triggered.connect(lambda _=False: self.use(preset))
        menu.addAction(action)

    def _remove(self, preset: Preset) -> None:
        """Gone at once, and back with one click."""
        self._presets.remove(preset)
        words = f"The preset “{one_line(preset.name, 40)}” is deleted."
        self._messages.say(Message(Tone.INFO, words, action="Undo", act=lambda: self._presets.keep(preset)))

    def _saved(self, preset: Preset, before: Preset | None) -> None:
        """Said, and what it took the place of comes back with one click."""
        name = one_line(preset.name, 40)
        if before is None:
            self._messages.say(Message(Tone.GOOD, f"The preset “{name}” is saved."))
            return
        words = f"The preset “{name}” is saved in the place of the one before."
        self._messages.say(Message(Tone.INFO, words, action="Undo", act=lambda: self._presets.keep(before)))

    # -- copy and paste ----------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """The endpoint's id and the values set, as JSON, on the clipboard."""
        document = parameters_document(self._parameters.endpoint, self._parameters.values)
        QGuiApplication.clipboard().setText(json.dumps(document, ensure_ascii=False, indent=2))
        count, all_of_them = len(document["values"]), len(self._parameters.values)
        less = f" {all_of_them - count} left out: a key is for nobody else." if count < all_of_them else ""
        self._messages.say(Message(Tone.GOOD, f"Copied {count} value{'s' * (count != 1)} as JSON.{less}"))

    def paste(self) -> None:
        """Take over values from JSON on the clipboard."""
        try:
            endpoint_id, values = read_parameters(QGuiApplication.clipboard().text())
            with self._because(Cause("Pasted", "Pasted")):
                self._parameters.apply(values, endpoint_id)
        except AppError as error:
            self._failed(error)

    def reset(self) -> None:
        """Leave every field to its default; one click brings the values back."""
        parameters, before = self._parameters, self._parameters.values
        parameters.reset_all()
        if before:
            count = f"{len(before)} value{'s' * (len(before) != 1)}"
            self._messages.say(
                Message(Tone.INFO, f"Reset {count}.", action="Undo", act=partial(self._put_back, before))
            )

    def _put_back(self, values: Mapping[str, Any]) -> None:
        with self._because(Cause("Put back", "Put back")):
            self._parameters.apply(values)

    # -- what is said ------------------------------------------------------------------------------------------------

    def _report(self, carried: Carried) -> None:
        """One line about the last move; an earlier one is over. Where nothing was lost it goes by itself."""
        self._end_report()
        if not carried.moves:
            return
        kinds = {move.kind for move in carried.moves}
        lost = bool(kinds & {"dropped", "clamped"})
        back = self._parameters.can_take_back
        self._reported = Message(
            Tone.WARNING if "clamped" in kinds or (lost and not back) else Tone.INFO if lost else Tone.GOOD,
            self._words(carried),
            details="\n".join(map(_move_words, carried.moves)),
            action="Undo" if back else "",
            act=self._parameters.take_back if back else None,
            passes=not lost,
        )
        self._messages.say(self._reported)

    def _words(self, carried: Carried) -> str:
        """What moved the values, and what became of them."""
        count = len(carried.moves)
        if self._cause is not None and all(move.text == move.title and move.kind == "kept" for move in carried.moves):
            return f"{self._cause.said_of_all} {count} value{'s' * (count != 1)}."
        said = self._cause.said if self._cause is not None else one_line(self._parameters.endpoint.title, 40)
        line = summary(carried.moves)
        return f"{said}: {line[0].lower()}{line[1:]}"

    @contextmanager
    def _because(self, cause: Cause) -> Iterator[None]:
        self._cause = cause
        try:
            yield
        finally:
            self._cause = None

    def _end_report(self) -> None:
        """What was said of an earlier move is over: another endpoint is chosen, or values moved again."""
        if self._reported is not None:
            self._messages.withdraw(self._reported.text)
            self._reported = None

    def _taken(self, preset: Preset) -> None:
        words = f"The preset “{one_line(preset.name, 40)}” is in the list."
        self._messages.say(Message(Tone.GOOD, words, action="Use it", act=partial(self.use, preset)))

    def _failed(self, error: AppError) -> None:
        self._messages.say(Message(Tone.ERROR, str(error), details=error.details))


class SavePage(Page):
    """Asks for a preset's name and, if one likes, what it is for."""

    saved = Signal(object, object)
    """The preset, and the one that it takes the place of, if any."""

    def __init__(self, presets: Presets, parameters: Parameters, parent: QWidget | None = None) -> None:
        super().__init__("Save as preset", parent, width=400, height=268)
        self._presets = presets
        count = len(parameters.values)
        words = f"The {count} value{'s' * (count != 1)} that you set for {one_line(parameters.endpoint.title, 60)}"
        self.words(f"{words}, and the blend.")
        self.heading("Name")
        self.name = QLineEdit(self)
        self.name.setAccessibleName("Name")
        self.column.addWidget(self.name)
        self.heading("What it is for (optional)")
        self.note = QLineEdit(self)
        self.note.setAccessibleName("What it is for")
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        cancel = self.button("Cancel")
        cancel.clicked.connect(self.reject)
        save = self.button("Save", primary=True)
        save.clicked.connect(self._save)
        self.name.setFocus()

    def _save(self) -> None:
        try:
            preset, before = self._presets.save(self.name.text(), self.note.text())
        except AppError as error:
            self.say(str(error), wrong=True)
            return
        self.saved.emit(preset, before)
        self.accept()


def _move_words(move: Move) -> str:
    """ "Steps: clamped, 40 → 8"."""
    said = move.text.removeprefix(move.title).removeprefix(": ")
    return f"{move.title}: {move.kind}{f', {said}' if said else ''}"


def _menu_words(name: str) -> str:
    return one_line(name, 60).replace("&", "&&")


def _values_words(preset: Preset) -> str:
    shown = [f"{name} {json.dumps(value, ensure_ascii=False)[:40]}" for name, value in list(preset.values.items())[:8]]
    return ", ".join(shown)
