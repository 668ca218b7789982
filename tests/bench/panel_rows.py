"""The parameter panel: from a document to fields that can be used, switching endpoints, and a key typed into a field.

The largest real document (flux-general) is measured where it lies beside the checkout, else one that is made as large.
"""

import json
from collections.abc import Callable
from functools import cache
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from app.backends.validation import Validation
from app.core.endpoint import Endpoint
from app.core.schema import read_endpoint
from app.state.parameters import Parameters
from app.ui.panel import ParameterPanel
from app.ui.theme import wear
from tests.bench.framework import Seconds, Timed, row
from tests.bundled import bundled_endpoints

LARGEST = Path(__file__).resolve().parents[3] / "shared/data/fal-openapi/fal-ai__flux-general.json"
FIELDS = 40


def as_large() -> dict[str, Any]:
    """A document of as many fields as the largest real one: texts, numbers, choices, lists of groups."""
    weight = {"type": "object", "properties": {"path": {"type": "string"}, "scale": {"type": "number"}}}
    kinds: list[dict[str, Any]] = [
        {"type": "string", "description": "Words. " * 20},
        {"type": "number", "minimum": 0, "maximum": 20, "default": 3.5},
        {"type": "string", "enum": [f"choice {at}" for at in range(12)]},
        {"type": "boolean", "default": False},
        {"type": "array", "items": weight, "default": []},
    ]
    properties = {f"field_{at}": dict(kinds[at % len(kinds)]) for at in range(FIELDS)}
    return {"type": "object", "title": "As large", "properties": {"prompt": {"type": "string"}, **properties}}


@cache
def document() -> dict[str, Any]:
    """The largest document there is."""
    return json.loads(LARGEST.read_text("utf-8")) if LARGEST.is_file() else as_large()


@cache
def app() -> QApplication:
    """The program's own look."""
    running = QApplication.instance()
    made = running if isinstance(running, QApplication) else QApplication([])
    wear(made, "dark")
    return made


@cache
def bundled() -> tuple[Endpoint, ...]:
    """The endpoints that come with the program."""
    return tuple(bundled_endpoints())


def panel_with(*more: Endpoint) -> tuple[ParameterPanel, Parameters]:
    """A panel that has been on the screen once."""
    app()
    parameters = Parameters([*bundled(), *more])
    checks = Validation()
    checks.load()
    parameters.use(checks)
    panel = ParameterPanel(parameters)
    panel.resize(320, 800)
    panel.show()
    app().processEvents()
    return panel, parameters


def plain_form(fields: int) -> QWidget:
    """What Qt alone needs for as many lines."""
    made = QWidget()
    layout = QFormLayout(made)
    for at in range(fields):
        layout.addRow(f"Field {at}", QLineEdit())
    made.resize(320, 800)
    made.show()
    app().processEvents()
    return made


@row("the largest endpoint's panel, from the document", against="QFormLayout of line edits", limit=0.150)
def largest_panel() -> Timed:
    """Reading the document, and its fields on the screen; the form before it is taken away within that time."""
    read = read_endpoint(document())
    panel, parameters = panel_with()
    made: list[QWidget] = []

    def ours() -> None:
        endpoint = read_endpoint(document())
        parameters.set_endpoints([*bundled(), endpoint])
        parameters.choose(endpoint.id)
        app().processEvents()
        panel.grab()

    def reference() -> None:
        made.append(plain_form(len(read.fields)))
        made.pop().deleteLater()

    return Timed(lambda: from_another(parameters, ours), reference, rounds=7)


def from_another(parameters: Parameters, ours: Callable[[], None]) -> Seconds:
    """From the local fill, so that every round builds the form anew."""
    parameters.choose("local/fill")
    app().processEvents()
    started = perf_counter()
    ours()
    return Seconds(perf_counter() - started)


@row("switching between endpoints", limit=0.100)
def switching() -> Timed:
    """Round the bundled ones, with a prompt that is carried along."""
    panel, parameters = panel_with()
    parameters.choose("fal-ai/inpaint")
    parameters.set_value("prompt", "an empty bench")
    order = cycle([endpoint.id for endpoint in bundled()])

    def ours() -> None:
        parameters.choose(next(order))
        app().processEvents()
        panel.grab()

    return Timed(ours, rounds=11)


@row("a key typed into a prompt, the largest endpoint", against="a plain text box", limit=0.016)
def typing() -> Timed:
    """The letter on the screen, the value checked by our own words, by the rules and by jsonschema."""
    endpoint = read_endpoint(document())
    panel, parameters = panel_with(endpoint)
    parameters.choose(endpoint.id)
    app().processEvents()
    plain = QWidget()
    QPlainTextEdit(plain).setFocus()
    plain.show()

    def typed(window: QWidget) -> None:
        box = window.findChild(QPlainTextEdit)
        assert box is not None
        QTest.keyClick(box, Qt.Key.Key_A)
        app().processEvents()

    return Timed(lambda: typed(panel), lambda: typed(plain), rounds=40)
