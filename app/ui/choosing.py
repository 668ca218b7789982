"""Endpoints as the window handles them: chosen, added, refreshed, taken away, corrected."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from app.core.endpoint import Endpoint, Role
from app.core.errors import AppError
from app.core.roles import Correction
from app.state.endpoints import Endpoints, Refreshed
from app.state.parameters import Parameters
from app.ui.commands import COMMANDS
from app.ui.endpoints.adding import AddPage, takes_words
from app.ui.endpoints.changes import ChangesPage
from app.ui.endpoints.roles import RolesPage
from app.ui.message_bar import Message, MessageBar, Tone
from app.ui.panel import ParameterPanel
from app.ui.plain_text import one_line, tip
from app.ui.window import Window

_IN_THE_PANEL: Final = (
    *("copy-values", "paste-values", "reset-values", "", "roles", "refresh-endpoint", "remove-endpoint"),
    *("", "add-endpoint", "sheet"),
)


AS_RECORDED: Final = "This is the endpoint as it was recorded; choose the present one to change it"
PATIENCE_MS: Final = 400
"""How long something may take before it is said that it is being done."""


class Choosing(QObject):
    """Connects the endpoints that there are with the parameters and the pages that ask about them."""

    def __init__(
        self,
        window: Window,
        panel: ParameterPanel,
        parameters: Parameters,
        endpoints: Endpoints,
        messages: MessageBar,
    ) -> None:
        super().__init__()
        self._window, self._panel = window, panel
        self._parameters, self._endpoints, self._messages = parameters, endpoints, messages
        self._adding: AddPage | None = None
        self._roles: RolesPage | None = None
        self._waiting: Message | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._show_waiting)
        endpoints.changed.connect(self._take)
        endpoints.failed.connect(self._failed)
        endpoints.working.connect(self._watch)
        parameters.endpoint_changed.connect(self._show_commands)
        panel.values_menu.aboutToShow.connect(self._fill_menu)
        panel.add_endpoint_requested.connect(self.add)
        panel.role_requested.connect(self._give_role)
        self._show_commands()

    def commands(self) -> dict[str, Callable[[], object]]:
        """By the names of ``app.ui.commands``."""
        return {
            "choose-endpoint": self._panel.open_endpoints,
            "add-endpoint": self.add,
            "refresh-endpoint": self.refresh,
            "remove-endpoint": self.remove,
            "roles": self.roles,
        }

    def add(self, words: str = "") -> None:
        """Open the page with every way to another endpoint."""
        if self._adding is None:
            self._adding = AddPage(self._endpoints, self._added, words, self._window)
            self._adding.finished.connect(self._forget_adding)
        self._adding.show()
        self._adding.raise_()
        self._adding.activateWindow()

    def refresh(self) -> None:
        """Read the chosen endpoint again from where it came, and show what changed."""
        self._endpoints.refresh(self._parameters.endpoint.id, self._refreshed)

    def remove(self) -> None:
        """Take the chosen endpoint away; one click brings it back."""
        endpoint = self._parameters.endpoint
        self._endpoints.remove(endpoint.id)
        words = f"{one_line(endpoint.title, 60)} is taken away. What it made stays in the history."
        self._say(Message(Tone.INFO, words, action="Undo", act=partial(self._bring_back, endpoint)))

    def _bring_back(self, endpoint: Endpoint) -> None:
        """There and chosen, as before."""
        self._endpoints.bring_back(endpoint, lambda back: self._parameters.choose(back.id))

    def roles(self) -> None:
        """Open the page that says which field takes what."""
        if self._roles is not None:
            self._roles.close()
        endpoint = self._parameters.endpoint
        page = RolesPage(
            self._endpoints.read(endpoint.id), self._endpoints.correction(endpoint.id), endpoint, self._window
        )
        page.corrected.connect(lambda correction: self._endpoints.correct(endpoint.id, correction))
        page.finished.connect(self._forget_roles)
        self._roles = page
        page.show()

    def _fill_menu(self) -> None:
        """The same commands as in the window's menu, where the hand is."""
        menu = self._panel.values_menu
        menu.clear()
        menu.setToolTipsVisible(True)
        for name in _IN_THE_PANEL:
            if name:
                menu.addAction(self._window.action(name))
            else:
                menu.addSeparator()

    def _give_role(self, path: str, role: Role | None) -> None:
        """A row's menu said what its field is for."""
        if self._roles is not None:
            self._roles.close()  # it shows what was before
        if self._parameters.endpoint.version:  # what was recorded stays as it was; the present one is corrected
            self._parameters.choose(self._parameters.endpoint.id)
        endpoint = self._parameters.endpoint
        before = self._endpoints.correction(endpoint.id) or Correction({}, None)
        roles = dict(before.roles)
        for other, taken in endpoint.binding.roles.items():
            if taken == path:
                roles[other] = None
        if role is not None:
            roles[role] = path
        self._endpoints.correct(endpoint.id, Correction(roles, before.polarity))

    def _take(self) -> None:
        self._parameters.set_endpoints(self._endpoints.all)

    def _added(self, endpoint: Endpoint) -> None:
        self._parameters.choose(endpoint.id)
        if self._adding is not None:
            self._adding.show_added(endpoint)
        self._say(Message(Tone.GOOD, f"Added {one_line(endpoint.title, 60)}: {takes_words(endpoint)}."))

    def _refreshed(self, found: Refreshed) -> None:
        if not found.changes:
            self._say(Message(Tone.GOOD, f"{one_line(found.before.title, 60)} has not changed since it was read."))
            return
        page = ChangesPage(found.before, found.changes, self._window)
        page.taken.connect(lambda: self._endpoints.accept(found))
        page.show()

    def _show_commands(self) -> None:
        endpoint = self._parameters.endpoint
        self._allow("refresh-endpoint", self._endpoints.why_not_refreshed(endpoint))
        why = "" if endpoint.own else "It comes with the program: only endpoints that you added can be taken away"
        self._allow("remove-endpoint", AS_RECORDED if endpoint.version else why)
        self._allow("roles", AS_RECORDED if endpoint.version else "")

    def _allow(self, command: str, why_not: str) -> None:
        """A command that makes no sense for the chosen endpoint says why."""
        action = self._window.action(command)
        action.setEnabled(not why_not)
        action.setToolTip(tip(why_not or next(one.tip for one in COMMANDS if one.id == command)))

    def _watch(self, doing: str) -> None:
        """Say what is being asked for while no page does, with a way to stop it."""
        if self._waiting is not None:
            self._messages.withdraw(self._waiting.text)
            self._waiting = None
        if doing:
            self._patience.start()
        else:
            self._patience.stop()

    def _show_waiting(self) -> None:
        if self._endpoints.doing and self._adding is None:
            text = f"{self._endpoints.doing}…"
            self._waiting = Message(Tone.INFO, text, action="Cancel", act=self._endpoints.cancel)
            self._say(self._waiting)

    def _failed(self, error: AppError) -> None:
        if self._adding is None:  # the page says it itself
            self._say(Message(Tone.ERROR, str(error), details=error.details))

    def _say(self, message: Message) -> None:
        self._messages.say(message)

    def _forget_adding(self, _: int) -> None:
        self._adding = None
        self._watch(self._endpoints.doing)

    def _forget_roles(self, _: int) -> None:
        self._roles = None
