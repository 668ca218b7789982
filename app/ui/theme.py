"""The look of the whole program: named colours, palette, type and style sheet.

Colours live in `resources/themes/*.json` under the names below, and the style sheet beside them in `style.qss`; no
other file holds a colour. A widget chooses among the sheet's variants with a dynamic property, set before it is shown:

| property (on) | what it makes |
|---|---|
| `primary` (QPushButton, QToolButton) | the one accent button |
| `compact` (QToolButton) | 28 px square instead of 36, for use inside panels |
| `segment` = `left`, `middle`, `right` (QPushButton, QToolButton) | one part of a joined row of choices |
| `link` (QPushButton) | text that acts, without an edge |
| `secondary`, `heading`, `danger`, `caution`, `good` (QLabel) | 11 px text, 15 px semibold, and the three tones |
| `invalid` (fields) | a value that cannot be used |
| `tone` = `error`, `warning`, `good`, `info` (QFrame) | a message bar |
| `surface` = `window`, `panel`, `surround` (QWidget) | the ground that it paints |
| `rule` = `horizontal`, `vertical` (QFrame) | a hairline between two regions |
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.resources import read_text, resource

THEMES = ("dark", "light")
CHOICES = (*THEMES, "system")

BODY_PX = 13
SECONDARY_PX = 11
HEADING_PX = 15

_PROPERTY = "mendbrush_theme"


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One set of colours; every field but `name` is a role of `resources/themes/NAME.json`."""

    name: str
    window: QColor
    panel: QColor
    control: QColor
    control_hover: QColor
    control_pressed: QColor
    hover: QColor
    pressed: QColor
    surround: QColor
    surround_mid: QColor
    surround_white: QColor
    hairline: QColor
    edge: QColor
    edge_hover: QColor
    edge_disabled: QColor
    text: QColor
    secondary: QColor
    disabled: QColor
    accent: QColor
    accent_hover: QColor
    accent_pressed: QColor
    accent_text: QColor
    checked: QColor
    selection: QColor
    selection_text: QColor
    tooltip: QColor
    warning: QColor
    error: QColor
    error_text: QColor
    good: QColor
    mask_overlay: QColor
    outline_light: QColor
    outline_dark: QColor
    checker_light: QColor
    checker_dark: QColor

    def colour(self, role: str) -> QColor:
        """A copy of the role's colour. Raises KeyError for a name that is not a role."""
        if role not in ROLES:
            raise KeyError(role)
        return QColor(getattr(self, role))


ROLES = tuple(field.name for field in fields(Theme) if field.name != "name")


@cache
def load_theme(name: str) -> Theme:
    """The theme of that name, one of `THEMES`. Raises ValueError for any other."""
    if name not in THEMES:
        raise ValueError(f"There is no theme called {name!r}: choose one of {', '.join(THEMES)}.")
    roles: dict[str, str] = json.loads(read_text("themes", f"{name}.json"))
    return Theme(name=name, **{role: QColor(text) for role, text in roles.items()})


def choose_theme(choice: str, scheme: Qt.ColorScheme) -> Theme:
    """The theme for one of `CHOICES`; `system` is dark unless the desktop says that it is light."""
    if choice == "system":
        return load_theme("light" if scheme == Qt.ColorScheme.Light else "dark")
    return load_theme(choice)


def current_theme() -> Theme:
    """The theme last applied to the application; the dark one before that."""
    app = QApplication.instance()
    name = app.property(_PROPERTY) if app is not None else None
    return load_theme(name if isinstance(name, str) else "dark")


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Gives every present and coming widget the theme's palette, type and style sheet."""
    app.setProperty(_PROPERTY, theme.name)
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setFont(body_font())
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))


def wear(app: QApplication, choice: str) -> None:
    """Applies the theme for one of `CHOICES`; the dark one for any other name: settings may be edited by hand."""
    apply_theme(app, choose_theme(choice if choice in CHOICES else "dark", app.styleHints().colorScheme()))


def refresh(widget: QWidget) -> None:
    """Lets the style sheet look again at a widget whose dynamic properties have changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def body_font() -> QFont:
    """The system's interface font at 13 px, with figures of one width so that changing numbers stand still."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(BODY_PX)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def palette(theme: Theme) -> QPalette:
    """Every colour role of Qt, in all three groups; what Qt paints without asking the style sheet follows it."""
    made = QPalette()
    for role, colour in _palette_roles(theme).items():
        made.setColor(role, colour)
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.HighlightedText,
        QPalette.ColorRole.PlaceholderText,
        QPalette.ColorRole.Link,
    ):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.disabled)
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, theme.control)
    return made


def _palette_roles(theme: Theme) -> dict[QPalette.ColorRole, QColor]:
    role = QPalette.ColorRole
    return {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.control,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.secondary,
        role.Button: theme.control,
        role.ButtonText: theme.text,
        role.BrightText: theme.error_text,
        role.Light: theme.control_hover,
        role.Midlight: theme.control,
        role.Mid: theme.hairline,
        role.Dark: theme.hairline,
        role.Shadow: theme.surround,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.selection_text,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.ToolTipBase: theme.tooltip,
        role.ToolTipText: theme.text,
    }


def style_sheet(theme: Theme) -> str:
    """`resources/themes/style.qss` with the theme's colours and the path of its marks filled in."""
    names = {role: theme.colour(role).name() for role in ROLES}
    marks = resource("themes", theme.name).as_posix().replace("\\", "\\\\").replace('"', '\\"')
    return Template(read_text("themes", "style.qss")).substitute(names, marks=marks)
