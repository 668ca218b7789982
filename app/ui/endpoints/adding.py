"""Adding an endpoint: by id or link, from a file, from pasted JSON, or out of the provider's catalogue."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QWidget

from app.core.endpoint import Endpoint
from app.core.errors import AppError
from app.state.endpoints import Endpoints, Offer, ordered
from app.state.endpoints import Page as OfferPage
from app.ui.dialogs import ask_open
from app.ui.endpoints.page import Page
from app.ui.endpoints.rows import EndpointRow, EndpointRows

DOCUMENTS = "Endpoint documents (*.json)"


class AddPage(Page):
    """Every way to an endpoint that is not here yet. ``added`` gets what was added, be the page closed or not."""

    def __init__(
        self,
        endpoints: Endpoints,
        added: Callable[[Endpoint], object],
        words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Add an endpoint", parent, width=520, height=560)
        self._endpoints, self._added = endpoints, added
        self._offers: dict[str, Offer] = {}
        self._next = ""
        self.heading("By id or link")
        self.name = self._line_with("Id or link", "fal-ai/flux-lora/inpainting", "Add", self._add_named)
        more = QHBoxLayout()
        more.setSpacing(8)
        for text, act in (("From a file…", self._add_file), ("Paste JSON", self._add_pasted)):
            button = QPushButton(text, self)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            more.addWidget(button)
        more.addStretch(1)
        self.column.addLayout(more)
        self.heading("From fal.ai’s catalogue: those that take a mask come first")
        self.search = self._line_with("Search the catalogue", "inpaint, remove, flux …", "Search", self._search)
        self.found = EndpointRows("Found in the catalogue", self)
        self.found.itemDoubleClicked.connect(lambda _: self._add_found())
        self.found.currentItemChanged.connect(lambda *_: self._show_buttons())
        self.column.addWidget(self.found, 1)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setAccessibleName("Progress")
        self._progress.setVisible(False)
        self.column.addWidget(self._progress)
        self._build_foot()
        endpoints.working.connect(self._show_working)
        endpoints.failed.connect(self._failed)
        self.say("Nothing is sent but the name or the words; no key is needed.")
        self._show_buttons()
        if words:
            self.search.setText(words)
            self.search.setFocus()
            self._search()
        elif endpoints.doing:
            self._show_working(endpoints.doing)  # begun before this page was opened

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter belongs to the line that is typed in, not to the page.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.found.hasFocus():
            self._add_found()
            return
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and self.found.count():
            self.found.setFocus()
            return
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _build_foot(self) -> None:
        self._stop = self.button("Cancel")
        self._stop.clicked.connect(self._cancel)
        self._stop.setEnabled(False)
        self._more = self.button("More results")
        self._more.clicked.connect(lambda: self._look(self._next))
        self._take = self.button("Add selected", primary=True)
        self._take.setDefault(False)
        self._take.setAutoDefault(False)
        self._take.clicked.connect(self._add_found)
        close = self.button("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)

    def _line_with(self, name: str, example: str, action: str, act: Callable[[], None]) -> QLineEdit:
        line, button = QLineEdit(self), QPushButton(action, self)
        line.setAccessibleName(name)
        line.setPlaceholderText(example)
        line.setClearButtonEnabled(True)
        line.returnPressed.connect(act)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{action}: {name.lower()}")
        button.clicked.connect(act)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(line, 1)
        row.addWidget(button)
        self.column.addLayout(row)
        return line

    def _add_named(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.say("Type an id, such as fal-ai/flux-lora/inpainting, or paste the link of its page.", wrong=True)
            return
        self._endpoints.add_by_id(name, self._added)

    def _add_file(self) -> None:
        ask_open(self, "Open an endpoint’s document", None, DOCUMENTS, self.add_path)

    def add_path(self, path: Path) -> None:
        """Add the endpoint in this file."""
        self._endpoints.add_file(path, self._added)

    def _add_pasted(self) -> None:
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self.say("The clipboard holds no text: copy an OpenAPI document or a JSON Schema first.", wrong=True)
            return
        self._endpoints.add_text(text, self._added)

    def _search(self) -> None:
        self._offers.clear()
        self.found.show_rows([])
        self._look("")

    def _look(self, after: str) -> None:
        self._endpoints.search(self.search.text().strip(), self.while_open(self._show_offers), after)

    def _cancel(self) -> None:
        self._endpoints.cancel()
        self.say("Cancelled: nothing was added.")

    def _show_offers(self, page: OfferPage) -> None:
        """Those that take a mask stay the first ones, of later pages too; what is selected stays so."""
        chosen = self.found.chosen()
        for offer in page.offers:
            self._offers.setdefault(offer.id, offer)
        self._next = page.next
        self.found.show_rows([_row(offer, self._endpoints) for offer in ordered(self._offers.values())])
        self.found.choose(chosen.id if chosen is not None else "")
        masks = sum(offer.takes_mask for offer in self._offers.values())
        self.say(f"{len(self._offers)} found, {masks} of them take a mask." if self._offers else "Nothing was found.")
        self._show_buttons()

    def _add_found(self) -> None:
        row = self.found.chosen()
        if row is not None:
            self._endpoints.add_offer(self._offers[row.id], self._added)

    def show_added(self, endpoint: Endpoint) -> None:
        """Say that an endpoint is there now."""
        odd = len(endpoint.problems)
        noted = f" {odd} thing{'s' * (odd != 1)} in its document could not be read." if odd else ""
        self.say(f"Added {endpoint.title}: {takes_words(endpoint)}.{noted}")

    def _show_working(self, text: str) -> None:
        self._progress.setVisible(bool(text))
        self._stop.setEnabled(bool(text))
        if text:
            self.say(text)
        self._show_buttons()

    def _failed(self, error: AppError) -> None:
        self.say(str(error), wrong=True)

    def _show_buttons(self) -> None:
        self._more.setEnabled(bool(self._next) and not self._stop.isEnabled())
        self._take.setEnabled(self.found.chosen() is not None and not self._stop.isEnabled())


def takes_words(endpoint: Endpoint) -> str:
    """What an endpoint takes: "picture, mask and 14 fields"."""
    roles = [role for role in ("picture", "mask") if role in endpoint.binding.roles]
    others = len(endpoint.fields) - len(roles)
    return f"{', '.join(roles) or 'no picture, no mask'} and {others} field{'s' * (others != 1)}"


def _row(offer: Offer, endpoints: Endpoints) -> EndpointRow:
    takes = "mask" if offer.takes_mask else "picture" if offer.takes_picture else ""
    here = "added" if any(known.id == offer.id for known in endpoints.all) else ""
    badge = " · ".join(word for word in (takes, here) if word)
    return EndpointRow(offer.id, offer.title, badge, tip=f"{offer.id}\n{offer.description}")
