"""The themes: readable on every ground, one look for every control, no colour anywhere else."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import app
from app.resources import read_text, resource
from app.ui.icons import icon, svg
from app.ui.theme import (
    ROLES,
    THEMES,
    Theme,
    apply_theme,
    choose_theme,
    current_theme,
    load_theme,
    palette,
    refresh,
    style_sheet,
)

GROUNDS = ("window", "panel", "control")
WORDS = [
    *((word, ground) for word in ("text", "secondary") for ground in GROUNDS),
    *(
        ("text", ground)
        for ground in ("control_hover", "control_pressed", "hover", "pressed", "surround", "checked", "tooltip")
    ),
    *((word, ground) for word in ("accent", "warning", "error_text", "good") for ground in ("window", "panel")),
    *(("accent_text", ground) for ground in ("accent", "accent_hover", "accent_pressed")),
    ("selection_text", "selection"),
]
MARKS_AND_EDGES = [
    *((edge, ground) for edge in ("edge", "edge_hover", "accent") for ground in GROUNDS),
    *((tone, ground) for tone in ("warning", "error", "good") for ground in GROUNDS),
    ("edge_hover", "control_hover"),
    ("edge", "control_pressed"),
    ("accent", "control_hover"),
    ("accent", "hover"),
    ("accent", "checked"),
    ("text", "accent"),
    ("outline_light", "outline_dark"),
]
# The style sheet's pictures: which icon each is, in which role.
MARKS = {
    "tick": ("accept", "accent_text"),
    "tick-disabled": ("accept", "disabled"),
    "mark": ("accept", "text"),
    "dash": ("remove", "accent_text"),
    "dash-disabled": ("remove", "disabled"),
    "dot": ("dot", "accent_text"),
    "dot-disabled": ("dot", "disabled"),
    "chevron-up": ("chevron-up", "text"),
    "chevron-up-disabled": ("chevron-up", "disabled"),
    "chevron-down": ("chevron-down", "text"),
    "chevron-down-disabled": ("chevron-down", "disabled"),
    "chevron-down-on-accent": ("chevron-down", "accent_text"),
    "chevron-right": ("chevron-right", "text"),
    "dismiss": ("dismiss", "secondary"),
    "detach": ("detach", "secondary"),
}


@pytest.fixture(autouse=True)
def plain_application(qapp: QApplication) -> Iterator[None]:
    """Each test begins and ends with the look that the application had."""
    before, font, name = qapp.palette(), qapp.font(), qapp.style().name()
    yield
    qapp.setStyleSheet("")
    qapp.setStyle(name)
    qapp.setPalette(before)
    qapp.setFont(font)
    qapp.setProperty("mendbrush_theme", None)


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    loaded = load_theme(request.param)
    apply_theme(qapp, loaded)
    return loaded


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_ratio_is_the_standards() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize(("word", "ground"), WORDS)
def test_words_can_be_read(theme: Theme, word: str, ground: str) -> None:
    assert contrast(theme.colour(word), theme.colour(ground)) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), MARKS_AND_EDGES)
def test_edges_and_marks_can_be_seen(theme: Theme, mark: str, ground: str) -> None:
    minimum = 2.0 if (mark, ground) == ("text", "accent") else 3.0
    assert contrast(theme.colour(mark), theme.colour(ground)) >= minimum


def test_grounds_are_neutral_so_that_colour_can_be_judged(theme: Theme) -> None:
    for role in (
        *GROUNDS,
        "control_hover",
        "control_pressed",
        "surround",
        "surround_mid",
        "surround_white",
        "hairline",
    ):
        colour = theme.colour(role)
        assert colour.red() == colour.green() == colour.blue(), role


def test_both_themes_name_the_same_roles() -> None:
    for name in THEMES:
        roles: dict[str, str] = json.loads(read_text("themes", f"{name}.json"))
        assert tuple(roles) == ROLES
        assert all(re.fullmatch("#[0-9a-f]{6}", text) for text in roles.values())


def test_a_role_is_given_by_name_and_a_copy_of_it() -> None:
    dark = load_theme("dark")
    dark.colour("text").setRed(0)
    assert dark.colour("text").name() == dark.text.name() == "#e6e6e6"
    with pytest.raises(KeyError):
        dark.colour("name")
    with pytest.raises(ValueError, match="dark, light"):
        load_theme("blue")


@pytest.mark.parametrize(
    ("choice", "scheme", "expected"),
    [
        ("dark", Qt.ColorScheme.Light, "dark"),
        ("light", Qt.ColorScheme.Dark, "light"),
        ("system", Qt.ColorScheme.Light, "light"),
        ("system", Qt.ColorScheme.Dark, "dark"),
        ("system", Qt.ColorScheme.Unknown, "dark"),
    ],
)
def test_the_desktop_is_asked_only_for_system(choice: str, scheme: Qt.ColorScheme, expected: str) -> None:
    assert choose_theme(choice, scheme).name == expected


def test_no_file_but_the_themes_holds_a_colour() -> None:
    literal = re.compile(
        r"""["']#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})["']|QColor\(\s*["'0-9]|GlobalColor\.(?!transparent)"""
    )
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(Path(app.__path__[0]).rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if literal.search(line)
    ]
    assert not found
    assert not re.search(r"#[0-9a-fA-F]{3}", read_text("themes", "style.qss"))


def test_the_sheet_is_filled_in_and_its_pictures_exist(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet.split("*/", 1)[1]
    paths = {Path(text) for text in re.findall(r'url\("([^"]*)"\)', sheet)}
    assert paths == {resource("themes", theme.name, f"{mark}.svg") for mark in MARKS}
    assert all(path.is_file() for path in paths)


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_of_the_sheet_is_our_icon_in_the_themes_colour(theme: Theme, mark: str) -> None:
    name, role = MARKS[mark]
    # Cropped to what is drawn: at 10 to 16 px an icon's margin would be wasted.
    expected = svg(name, theme.colour(role)).replace('viewBox="0 0 24 24"', 'viewBox="3 3 18 18"')
    path = resource("themes", theme.name, f"{mark}.svg")
    if os.environ.get("MENDBRUSH_UPDATE_SNAPSHOTS") == "1":
        path.write_text(expected, "utf-8")
    assert path.read_text("utf-8") == expected


def test_the_palette_says_the_same_in_every_group(theme: Theme) -> None:
    made, role, group = palette(theme), QPalette.ColorRole, QPalette.ColorGroup
    for each in (group.Active, group.Inactive):
        assert made.color(each, role.Window) == theme.window
        assert made.color(each, role.Text) == theme.text
        assert made.color(each, role.Highlight) == theme.selection
        assert made.color(each, role.Link) == theme.accent
    assert made.color(group.Disabled, role.Text) == theme.disabled
    assert made.color(group.Disabled, role.Window) == theme.window


def test_applying_reaches_the_application(theme: Theme, qapp: QApplication) -> None:
    assert current_theme() is theme
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.window
    assert qapp.font().pixelSize() == 13
    assert qapp.font().featureValue(QFont.Tag("tnum")) == 1


def control(made: QWidget, **properties: object) -> QWidget:
    for name, value in properties.items():
        made.setProperty(name, value)
    return made


@pytest.fixture
def window(theme: Theme, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def show(window: QWidget, qtbot: QtBot, *widgets: QWidget) -> None:
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_controls_are_28_high_with_and_without_the_focus(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    widgets: list[QWidget] = [
        QLineEdit("text"),
        QSpinBox(),
        QDoubleSpinBox(),
        QComboBox(),
        QCheckBox("choice"),
        QPushButton("button"),
        control(QPushButton("primary"), primary=True),
        control(QPushButton("part"), segment="left"),
    ]
    show(window, qtbot, *widgets)
    for widget in widgets:
        assert (type(widget).__name__, widget.sizeHint().height()) == (type(widget).__name__, 28)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.sizeHint().height() == 28


def test_tool_buttons_are_square(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    plain, compact, bar = QToolButton(), QToolButton(), QToolBar()
    compact.setProperty("compact", True)
    for button in (plain, compact):
        button.setIcon(icon("brush"))
    button_in_bar = bar.widgetForAction(bar.addAction(icon("brush"), "Brush"))
    show(window, qtbot, plain, compact, bar)
    assert (plain.sizeHint().toTuple(), compact.sizeHint().toTuple()) == ((36, 36), (28, 28))
    assert button_in_bar.size().toTuple() == (36, 36)
    assert bar.iconSize().toTuple() == plain.iconSize().toTuple() == (20, 20)


FOCUSABLE: dict[str, Callable[[], QWidget]] = {
    "line": QLineEdit,
    "number": QSpinBox,
    "choice": QComboBox,
    "tick": lambda: QCheckBox("choice"),
    "button": lambda: QPushButton("button"),
    "part": lambda: control(QPushButton("part"), segment="middle"),
    "link": lambda: control(QPushButton("link"), link=True),
    "tool": QToolButton,
    "list": QListWidget,
    "words": QPlainTextEdit,
    "slider": lambda: QSlider(Qt.Orientation.Horizontal),
}


@pytest.mark.parametrize("kind", FOCUSABLE)
def test_the_focus_is_a_ring_of_two_pixels_of_accent(theme: Theme, window: QWidget, qtbot: QtBot, kind: str) -> None:
    widget = FOCUSABLE[kind]()
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    other = QLineEdit()
    show(window, qtbot, other, widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    image = widget.grab().toImage()
    # The middle of the lower edge: the ring's two rows, and nothing of it above them.
    column = widget.width() // 2
    rows = [image.pixelColor(column, widget.height() - 1 - row).name() for row in range(4)]
    assert rows[:2] == [theme.accent.name()] * 2
    assert rows[2] != theme.accent.name()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    assert widget.grab().toImage().pixelColor(column, widget.height() - 1).name() != theme.accent.name()


def test_numbers_stand_at_the_right_clear_of_the_edges(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    number = QSpinBox()
    show(window, qtbot, number)
    inner = number.lineEdit()
    assert inner.alignment() & Qt.AlignmentFlag.AlignRight
    assert number.width() - inner.geometry().right() >= 20


def test_a_label_takes_its_size_and_tone_from_a_property(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    label = QLabel("words")
    show(window, qtbot, label)
    for name, pixels in (("secondary", 11), ("heading", 15)):
        label.setProperty(name, True)
        refresh(label)
        assert label.font().pixelSize() == pixels
        label.setProperty(name, False)
    label.setProperty("danger", True)
    refresh(label)
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.error_text


def test_the_checked_and_the_primary_button_carry_the_accent(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    checked, primary = QToolButton(), control(QPushButton("Generate"), primary=True)
    checked.setIcon(icon("star-filled"))
    checked.setCheckable(True)
    checked.setChecked(True)
    show(window, qtbot, checked, primary)
    image = checked.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2) == theme.accent
    assert image.pixelColor(5, image.height() // 2) == theme.checked
    assert primary.grab().toImage().pixelColor(6, 6) == theme.accent
