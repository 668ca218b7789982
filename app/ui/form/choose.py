"""Which editor a field gets: the first of the list that fits. The last fits everything, so no field is unusable."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from app.core.endpoint import Field
from app.ui.form.choice import (
    SEARCHED_FROM,
    ListEditor,
    SearchedListEditor,
    SegmentsEditor,
    SwitchEditor,
    fits_segments,
)
from app.ui.form.context import NOTHING, Context
from app.ui.form.face import Editor
from app.ui.form.file import FileEditor, takes_file
from app.ui.form.group import GroupEditor, takes_group
from app.ui.form.items import ItemsEditor, takes_items
from app.ui.form.number import NumberEditor
from app.ui.form.seed import SeedEditor
from app.ui.form.several import ChipsEditor, TogglesEditor, fits_toggles, takes_named_values
from app.ui.form.size import SizeEditor, takes_size
from app.ui.form.text import JsonEditor, LineEditor, ProseEditor, SuggestedEditor, suggestions
from app.ui.form.union import UnionEditor, takes_union
from app.ui.form.written_size import TextSizeEditor, takes_written_size

Fits = Callable[[Field], bool]
Make = Callable[[Field, QWidget], Editor]

_PLAIN: Final = ("string", "integer", "number")

EDITORS: Final[tuple[tuple[Fits, Make], ...]] = (
    (
        lambda field: field.role == "seed" and not field.enum and field.kind in ("integer", "number", "string"),
        SeedEditor,
    ),
    (fits_toggles, TogglesEditor),
    (takes_named_values, ChipsEditor),
    (takes_size, SizeEditor),
    (takes_written_size, TextSizeEditor),
    (takes_file, FileEditor),
    (lambda field: field.kind == "boolean", SwitchEditor),
    (lambda field: field.kind in _PLAIN and fits_segments(field), SegmentsEditor),
    (lambda field: field.kind in _PLAIN and len(field.enum) > SEARCHED_FROM, SearchedListEditor),
    (lambda field: field.kind in _PLAIN and bool(field.enum), ListEditor),
    (lambda field: field.kind in ("integer", "number"), NumberEditor),
    (lambda field: field.kind == "string" and field.multiline, ProseEditor),
    (lambda field: field.kind == "string" and len(suggestions(field)) > 1, SuggestedEditor),
    (lambda field: field.kind == "string", LineEditor),
    (takes_group, lambda field, parent: GroupEditor(field, editor_for, parent)),
    (takes_union, lambda field, parent: UnionEditor(field, editor_for, parent)),
    (takes_items, lambda field, parent: ItemsEditor(field, editor_for, parent)),
    (lambda field: True, JsonEditor),
)


def editor_for(field: Field, parent: QWidget, context: Context = NOTHING) -> Editor:
    """A new editor for ``field``."""
    make = next(make for fits, make in EDITORS if fits(field))
    editor = make(field, parent)
    editor.use(context)
    return editor
