"""What a provider has changed in an endpoint, before the new one is taken."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.core.endpoint import Endpoint
from app.core.schema_guard import Change
from app.ui.endpoints.page import Page
from app.ui.plain_text import one_line, tip


class ChangesPage(Page):
    """Lists the changes; the new endpoint is taken only when the user says so."""

    taken = Signal()

    def __init__(self, endpoint: Endpoint, changes: Sequence[Change], parent: QWidget | None = None) -> None:
        super().__init__(f"What changed: {one_line(endpoint.title, 60)}", parent, width=480, height=360)
        count = f"{len(changes)} change{'s' * (len(changes) != 1)}"
        self.words(f"{one_line(endpoint.title, 60)} has {count} since it was read.")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Changes")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for change in changes:
            item = QListWidgetItem(one_line(change.text), self.list)
            item.setToolTip(tip(f"{change.path}\n{change.text}"))
        self.column.addWidget(self.list, 1)
        self.say("Results made so far keep the endpoint as it was and stay repeatable.")
        keep = self.button("Keep the old one")
        keep.clicked.connect(self.reject)
        take = self.button("Take the new one", primary=True)
        take.clicked.connect(self._take)

    def _take(self) -> None:
        self.taken.emit()
        self.accept()
