"""A row says whether its field is sent, and lets everything be sent that a box alone could not say."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, ROLES, Field
from app.ui.form.about import AboutSheet
from app.ui.form.face import figures, same
from app.ui.form.mark import Mark
from app.ui.form.row import Row
from app.ui.form.row_menu import ROLE_WORDS
from app.ui.form.title import Title

Json = Any
Shown = Callable[..., Row]

TEXT = Field("title", "string", "Title", description="What it is called.", default="none")
STEPS = Field("steps", "integer", "Steps", default=8, minimum=1, maximum=50, nullable=True)


@pytest.fixture
def show(qtbot: QtBot) -> Shown:
    """Show a field's row in a window."""

    def shower(field: Field, note: str = "") -> Row:
        row = Row(field, note)
        qtbot.addWidget(row)
        row.resize(256, 100)
        with qtbot.waitActive(row):
            row.show()
            row.activateWindow()
        return row

    return shower


def open_menu(row: Row) -> QMenu:
    """The row's menu as the Menu key opens it."""
    target = row.editor.focusProxy() or row.editor
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), target.mapToGlobal(QPoint(2, 2)))
    QApplication.sendEvent(target, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, words: str) -> None:
    """Take the entry that begins with ``words``."""
    action(menu, words).trigger()
    menu.close()


def action(menu: QMenu, words: str) -> QAction:
    return next(found for found in menu.actions() if found.text().startswith(words))


def words_of(row: Row) -> list[str]:
    return [label.text() for label in row.findChildren(QLabel) if label.isVisible() and label.property("secondary")]


def mark(row: Row) -> Mark:
    found = row.findChild(Mark)
    assert isinstance(found, Mark)
    return found


def test_what_is_set_is_marked_by_more_than_colour(show: Shown) -> None:
    row = show(STEPS)
    title = row.findChild(Title)
    assert isinstance(title, Title)
    empty = mark(row).grab().toImage()
    assert not title.font().bold() and row.sent() == "" and mark(row).accessibleName() == ""
    row.set_value(12)
    assert title.font().bold() and row.sent() == "set"
    assert mark(row).accessibleName() == "Sent: set by you"
    box = row.findChild(QLineEdit)
    assert box is not None and box.accessibleDescription().startswith("Sent: set by you")
    row.show_problem("This must be less.")
    assert box.accessibleDescription().startswith("This must be less. Sent: set by you")
    row.show_problem("")
    assert mark(row).grab().toImage() != empty
    row.reset()
    assert not title.font().bold() and mark(row).grab().toImage() == empty
    assert box.accessibleDescription() == ""


def test_what_is_sent_unasked_is_a_ring(show: Shown) -> None:
    row = show(Field("kind", "string", "Kind", required=True, default="a", enum=("a", "b")))
    assert row.sent() == "needed" and mark(row).accessibleName().startswith("Sent as it stands")
    ring = mark(row).grab().toImage()
    row.set_value("a")
    assert row.sent() == "set" and mark(row).grab().toImage() != ring


def test_nothing_moves_when_a_field_is_set(show: Shown, qapp: QApplication) -> None:
    row = show(TEXT)
    places = []
    for value in (MISSING, "x"):
        row.set_value(value)
        qapp.processEvents()
        info = next(one for one in row.findChildren(QToolButton) if one.accessibleName().startswith("About"))
        places.append((info.pos(), row.editor.geometry(), row.sizeHint().height()))
    assert places[0] == places[1]


def test_an_empty_text_is_sent_on_purpose_and_seen(show: Shown, qtbot: QtBot) -> None:
    row = show(TEXT)
    box = row.findChild(QLineEdit)
    assert box is not None and box.placeholderText() == "none"
    with qtbot.waitSignal(row.changed):
        choose(open_menu(row), "Send as empty text")
    assert row.value() == "" and row.sent() == "set"
    assert words_of(row) == ["Sent as empty text."] and box.placeholderText() == "(empty text)"
    assert action(open_menu(row), "Send as empty text").isChecked()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()
    QTest.keyClicks(box, "a")
    assert row.value() == "a" and words_of(row) == [] and box.placeholderText() == "none"
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert row.value() is MISSING
    row.set_value("")
    assert row.value() == "" and words_of(row) == ["Sent as empty text."]
    row.reset()
    assert row.value() is MISSING and box.placeholderText() == "none"


def test_leaving_a_box_does_not_take_back_what_the_menu_set(show: Shown) -> None:
    row = show(Field("p", "string", "P", multiline=True))
    box = row.findChild(QPlainTextEdit)
    assert box is not None
    choose(open_menu(row), "Send as empty text")
    box.setFocus()
    box.clearFocus()
    assert row.value() == ""


def test_null_is_sent_where_it_may_be(show: Shown) -> None:
    row = show(STEPS)
    choose(open_menu(row), "Send null")
    assert row.value() is None and row.sent() == "set" and words_of(row) == ["Sent as null."]
    choose(open_menu(row), "Send null")
    assert row.value() is MISSING
    assert not [found for found in open_menu(show(TEXT)).actions() if "null" in found.text()]
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


@pytest.mark.parametrize(
    "field",
    [
        Field("x", "boolean", "X", nullable=True),
        Field("x", "string", "X", enum=("a", "b"), nullable=True),
        Field("x", "string", "X", enum=tuple("abcdefghijklmn"), nullable=True),
        Field("x", "array", "X", enum=tuple("abcdefgh"), nullable=True),
        Field("x", "integer", "X", role="seed", nullable=True),
        Field("x", "string", "X", multiline=True, nullable=True),
        Field("x", "array", "X", nullable=True),
        STEPS,
    ],
)
def test_null_stays_null_in_every_editor(field: Field, show: Shown) -> None:
    row = show(field)
    row.set_value(None)
    assert row.value() is None and row.sent() == "set"
    row.set_value(MISSING)
    assert row.value() is MISSING and words_of(row) == []


def test_the_default_itself_can_be_sent(show: Shown, qtbot: QtBot) -> None:
    row = show(STEPS)
    with qtbot.waitSignal(row.changed):
        choose(open_menu(row), "Set to the default")
    assert row.value() == 8 and row.sent() == "set"
    menu = open_menu(show(Field("x", "string", "X")))
    assert not action(menu, "Set to the default").isEnabled() and not action(menu, "Reset").isEnabled()
    menu.close()


def test_value_and_name_are_copied(show: Shown) -> None:
    row = show(Field("loras", "array", "LoRAs"))
    row.set_value([{"path": "a", "scale": 1}])
    choose(open_menu(row), "Copy value")
    assert QGuiApplication.clipboard().text() == '[{"path": "a", "scale": 1}]'
    choose(open_menu(row), "Copy field name")
    assert QGuiApplication.clipboard().text() == "loras"
    choose(open_menu(show(TEXT)), "Copy value")
    assert QGuiApplication.clipboard().text() == "none"


def test_a_field_is_given_a_role(show: Shown, qtbot: QtBot) -> None:
    row = show(Field("text", "string", "Text", role="prompt"))
    menu = open_menu(row)
    roles = action(menu, "Use as").menu()
    assert isinstance(roles, QMenu)
    assert [found.text() for found in roles.actions()] == ["Nothing special", *ROLE_WORDS.values()]
    assert len(ROLE_WORDS) == len(ROLES)
    assert [found.text() for found in roles.actions() if found.isChecked()] == ["Prompt"]
    with qtbot.waitSignal(row.role_requested) as told:
        choose(roles, "Negative prompt")
    assert told.args == ["text", "negative_prompt"]
    with qtbot.waitSignal(row.role_requested) as told:
        choose(roles, "Nothing special")
    assert told.args == ["text", None]
    menu.close()


def test_the_whole_help_is_read_by_keys(show: Shown, qtbot: QtBot) -> None:
    description = "It matters. " * 200
    field = Field("a", "integer", "A", description, minimum=1, maximum=9, default=3, group="Fine", deprecated=True)
    row = show(field, "Only now.")
    box = row.findChild(QLineEdit)
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    sheet = row.findChild(AboutSheet)
    assert isinstance(sheet, AboutSheet) and sheet.isVisible()
    text = sheet.words.toPlainText()
    assert text.startswith("It matters.") and len(text) > 2000 and sheet.words.hasFocus()
    for part in ("Only now.", "Range: 1 to 9.", "Default: 3.", "Deprecated", "Group: Fine.", "Sent as a."):
        assert part in text
    assert sheet.height() <= 360
    QTest.keyClick(sheet.words, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not row.findChildren(AboutSheet))


def test_a_deprecated_field_says_so_in_its_title(show: Shown) -> None:
    assert "X (deprecated)" in [
        label.text() for label in show(Field("x", "string", "X", deprecated=True)).findChildren(QLabel)
    ]


def test_the_menu_button_is_where_the_pointer_is(show: Shown, qtbot: QtBot) -> None:
    row = show(TEXT)
    row.show_more(True)
    more = next(one for one in row.findChildren(QToolButton) if one.accessibleName().startswith("More about"))
    assert more.isVisible()
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.close()
    row.show_more(False)
    assert not more.isVisible()


def test_other_limits_keep_the_value(show: Shown) -> None:
    field = Field("guidance", "number", "Guidance", minimum=0, maximum=20, default=6)
    row = show(field)
    row.set_value(12)
    row.show_limits(Field("guidance", "number", "Guidance", minimum=2, maximum=5, default=3))
    sliders = [one for one in row.findChildren(QSlider) if one.isVisible()]
    assert row.value() == 12 and len(sliders) == 1 and sliders[0].value() == sliders[0].maximum()
    row.reset()
    assert row.value() is MISSING
    shown = [one for one in row.findChildren(QLineEdit) if one.isVisible()]
    assert [one.placeholderText() for one in shown] == ["3"]


def test_a_value_that_stands_already_is_not_touched(show: Shown) -> None:
    row = show(Field("p", "string", "P", multiline=True))
    box = row.findChild(QPlainTextEdit)
    assert box is not None
    QTest.keyClicks(box, "abc")
    cursor = box.textCursor()
    cursor.setPosition(1)
    box.setTextCursor(cursor)
    row.set_value("abc")
    assert box.textCursor().position() == 1


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, True, False),
        (1, 1.0, False),
        ([1], [True], False),
        ({"a": [1]}, {"a": [1]}, True),
        ({"a": 0}, {"a": False}, False),
        (None, None, True),
        (MISSING, MISSING, True),
        (MISSING, None, False),
    ],
)
def test_equal_json(one: Json, other: Json, equal: bool) -> None:
    assert same(one, other) is equal


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.00001, "0.00001"), (8.0, "8"), (196619188014358660, "196619188014358660"), (0.0001, "0.0001"), (1.5, "1.5")],
)
def test_numbers_in_figures(number: float, text: str) -> None:
    assert figures(number) == text


def test_a_right_click_on_the_title_opens_the_menu(show: Shown) -> None:
    row = show(TEXT)
    title = row.findChild(QLabel)
    assert isinstance(title, QWidget)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(2, 2), title.mapToGlobal(QPoint(2, 2)))
    QApplication.sendEvent(title, event)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.close()
