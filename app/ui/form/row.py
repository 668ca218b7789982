"""One field on the form: a row whose editor is chosen by what the field is."""

from PySide6.QtWidgets import QWidget

from app.core.endpoint import Field
from app.ui.form.about import help_text
from app.ui.form.choose import editor_for
from app.ui.form.context import NOTHING, Context
from app.ui.form.field_row import FieldRow, Make


class Row(FieldRow):
    """A top-level field's row; ``make`` gives it another editor than the usual one."""

    has_roles = True

    def __init__(
        self,
        field: Field,
        note: str = "",
        parent: QWidget | None = None,
        *,
        context: Context = NOTHING,
        make: Make = editor_for,
    ) -> None:
        super().__init__(field, make, note, parent, context=context)


__all__ = ["Row", "help_text"]
