"""How the canvas shows the mask and what is round the picture. None of it changes a mask value."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from app.ui.theme import Theme, current_theme

SURROUNDS = ("dark", "mid", "white")


class Display(QObject):
    """Overlay on or off, its colour and opacity (0 to 1), its outline, and the surround (one of ``SURROUNDS``)."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._overlay = True
        self._muted = False
        self._outline = True
        self._colour = current_theme().colour("mask_overlay")
        self._opacity = 0.5
        self._surround = SURROUNDS[0]

    @property
    def overlay(self) -> bool:
        """Whether the mask is shown."""
        return self._overlay

    @overlay.setter
    def overlay(self, on: bool) -> None:
        self._set("_overlay", on)

    @property
    def muted(self) -> bool:
        """Whether the mask is out of sight for now, so that a result can be judged; what the user chose stays."""
        return self._muted

    @muted.setter
    def muted(self, on: bool) -> None:
        self._set("_muted", on)

    @property
    def shows_mask(self) -> bool:
        """Whether the mask is to be seen now."""
        return self._overlay and not self._muted

    def show_mask(self, on: bool) -> None:
        """The user wants to see the mask now, a result or not; or does not want to see it."""
        self._overlay, self._muted = on, self._muted and not on
        self.changed.emit()

    @property
    def outline(self) -> bool:
        """Whether the mask's edge is drawn in two tones."""
        return self._outline

    @outline.setter
    def outline(self, on: bool) -> None:
        self._set("_outline", on)

    @property
    def colour(self) -> QColor:
        """The overlay's colour, opaque."""
        return QColor(self._colour)

    @colour.setter
    def colour(self, colour: QColor) -> None:
        self._set("_colour", QColor(colour.red(), colour.green(), colour.blue()))

    @property
    def opacity(self) -> float:
        """How much of the picture the overlay hides, 0 to 1."""
        return self._opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self._set("_opacity", min(1.0, max(0.0, opacity)))

    @property
    def surround(self) -> str:
        """What is round the picture."""
        return self._surround

    @surround.setter
    def surround(self, name: str) -> None:
        self._set("_surround", name if name in SURROUNDS else SURROUNDS[0])

    def next_surround(self) -> None:
        """Dark, mid grey, white, and round again."""
        self.surround = SURROUNDS[(SURROUNDS.index(self._surround) + 1) % len(SURROUNDS)]

    def surround_colour(self, theme: Theme) -> QColor:
        """The surround in ``theme``'s colours."""
        return {"dark": theme.surround, "mid": theme.surround_mid, "white": theme.surround_white}[self._surround]

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()
