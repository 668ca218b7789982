"""What the window keeps from one start to the next: its place, panels, brush, overlay, the draft, the theme."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from app.state.brush import BrushSettings
from app.state.parameters import Parameters
from app.state.settings import Settings
from app.ui.canvas.display import Display
from app.ui.options_bar import OptionsBar
from app.ui.theme import current_theme, wear
from app.ui.window import Window


class Keeping:
    """Moves settings into the widgets at the start, and back at the end."""

    def __init__(
        self,
        settings: Settings,
        window: Window,
        parameters: Parameters,
        brush: BrushSettings,
        display: Display,
        options: OptionsBar,
    ) -> None:
        self._settings, self._window, self._parameters = settings, window, parameters
        self._brush, self._display, self._options = brush, display, options

    def restore(self) -> None:
        """Put everything as it was left."""
        settings, display = self._settings, self._display
        display.opacity = settings.get("overlay_opacity", 0.5)
        display.surround = settings.get("surround", "dark")
        colour = QColor(settings.get("overlay_colour", ""))
        display.colour = colour if colour.isValid() else display.colour
        self._options.set_amount(settings.get("amount", 4))
        self._window.action("overlay").setChecked(True)
        self._window.action("light").setChecked(current_theme().name == "light")
        self._window.bring_back_panels(settings.get("window", {}))

    def keep(self) -> None:
        """Write it down; nothing once the window is gone."""
        if not self._window.isVisible():
            return
        kept = {
            "brush": self._brush.radius,
            "parameters": self._parameters.to_save(),
            "overlay_opacity": self._display.opacity,
            "surround": self._display.surround,
            "overlay_colour": self._display.colour.name(),
            "amount": self._options.amount,
            "window": self._window.keep(),
        }
        for name, value in kept.items():
            self._settings.set(name, value)
        self._settings.flush()

    def choose_light(self, light: bool) -> None:
        """The light theme, or the dark one."""
        name = "light" if light else "dark"
        app = QApplication.instance()
        if isinstance(app, QApplication) and name != current_theme().name:
            wear(app, name)
            self._settings.set("theme", name)
