"""Messages say what happened in words, one at a time, and wait until they are dismissed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.message_bar import KEPT, Message, MessageBar, Tone


class Place:
    """A window with the bar above something else."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.bar = MessageBar()
        column = QVBoxLayout(self.window)
        column.addWidget(self.bar)
        column.addWidget(QWidget(), 1)
        self.window.resize(900, 400)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()

    def words(self) -> list[str]:
        """All labels that are seen."""
        return [label.text() for label in self.bar.findChildren(QLabel) if label.isVisible() and label.text()]

    def button(self, name: str) -> QAbstractButton:
        """The button with that text or name."""
        buttons = self.bar.findChildren(QAbstractButton)
        return next(found for found in buttons if name in (found.text(), found.accessibleName()))

    def press(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    return Place(qtbot)


def test_it_is_hidden_while_there_is_nothing_to_say(place: Place) -> None:
    assert not place.bar.isVisible()


@pytest.mark.parametrize(
    ("tone", "word"), [(Tone.ERROR, "Error"), (Tone.WARNING, "Warning"), (Tone.INFO, "Note"), (Tone.GOOD, "Done")]
)
def test_the_kind_is_a_word_and_an_icon(place: Place, tone: Tone, word: str) -> None:
    place.bar.say(Message(tone, "Something happened."))
    assert place.words() == [word, "Something happened."]
    assert place.bar.accessibleName() == f"{word}: Something happened."
    icon = next(label.pixmap() for label in place.bar.findChildren(QLabel) if not label.pixmap().isNull())
    assert icon.width() > 0


def test_text_is_never_markup_and_hides_nothing(place: Place) -> None:
    place.bar.say(Message(Tone.ERROR, "<img src='http://x.invalid/a'><b>bad</b>\n\x1b[2Jend" + "y" * 400))
    shown = place.words()[1]
    assert shown.startswith("<img src='http://x.invalid/a'><b>bad</b> \\x1b[2Jend") and len(shown) <= 300
    for label in place.bar.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or label.text() in ("", "1 more")


def test_the_newest_is_on_top_and_the_others_wait(place: Place) -> None:
    for text in ("one", "two", "three"):
        place.bar.say(Message(Tone.INFO, text))
    assert place.words() == ["Note", "three", "2 more"]
    place.press("Dismiss")
    assert place.words() == ["Note", "two", "1 more"]
    QTest.keyClick(place.button("Dismiss"), Qt.Key.Key_Escape)
    assert place.words() == ["Note", "one"]
    place.bar.dismiss()
    assert not place.bar.isVisible()
    place.bar.dismiss()


def test_the_same_text_is_not_repeated(place: Place) -> None:
    place.bar.say(Message(Tone.ERROR, "one"))
    place.bar.say(Message(Tone.ERROR, "two"))
    place.bar.say(Message(Tone.ERROR, "one", details="newer"))
    assert [message.text for message in place.bar.messages] == ["one", "two"]
    assert place.bar.messages[0].details == "newer"


def test_only_so_many_are_kept(place: Place) -> None:
    for number in range(KEPT + 5):
        place.bar.say(Message(Tone.INFO, str(number)))
    assert len(place.bar.messages) == KEPT
    place.bar.clear()
    assert not place.bar.isVisible()


def test_what_is_over_can_be_withdrawn(place: Place) -> None:
    place.bar.say(Message(Tone.ERROR, "stays"))
    place.bar.say(Message(Tone.ERROR, "goes"))
    place.bar.withdraw("goes")
    assert place.words() == ["Error", "stays"]


def test_the_action_acts_once_and_lets_the_message_go(place: Place, qtbot: QtBot) -> None:
    acted: list[str] = []
    message = Message(Tone.ERROR, "It failed.", action="Try again", act=lambda: acted.append("again"))
    place.bar.say(message)
    with qtbot.waitSignal(place.bar.acted) as told:
        place.press("Try again")
    assert told.args == [message] and acted == ["again"]
    assert not place.bar.isVisible()


def test_an_action_may_say_something_itself(place: Place) -> None:
    place.bar.say(
        Message(Tone.ERROR, "a", action="Go", act=lambda: place.bar.say(Message(Tone.GOOD, "It worked this time.")))
    )
    place.press("Go")
    assert place.words() == ["Done", "It worked this time."]


def test_without_action_or_details_there_are_no_such_buttons(place: Place) -> None:
    place.bar.say(Message(Tone.INFO, "a"))
    assert [b.accessibleName() for b in place.bar.findChildren(QAbstractButton) if b.isVisible()] == ["Dismiss"]


def test_more_unfolds_details_that_can_be_copied(place: Place) -> None:
    place.bar.say(Message(Tone.ERROR, "It failed.", details="line 1\nline 2\x1b[0m <b>"))
    details = place.bar.findChild(QPlainTextEdit)
    assert isinstance(details, QPlainTextEdit) and not details.isVisible()
    low = place.bar.height()
    place.press("More")
    assert details.isVisible() and details.toPlainText() == "line 1\nline 2\\x1b[0m <b>"
    place.press("Copy")
    assert QGuiApplication.clipboard().text() == "It failed.\n\nline 1\nline 2\\x1b[0m <b>"
    place.press("Less")
    assert not details.isVisible()
    QTest.qWait(1)
    assert place.bar.height() == low


def test_the_next_message_is_folded_again(place: Place) -> None:
    place.bar.say(Message(Tone.ERROR, "one", details="x"))
    place.press("More")
    place.bar.say(Message(Tone.ERROR, "two", details="y"))
    details = place.bar.findChild(QPlainTextEdit)
    assert isinstance(details, QPlainTextEdit) and not details.isVisible()


def test_it_is_announced(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    place.bar.say(Message(Tone.WARNING, "Look\nhere"))
    assert heard == ["Warning: Look here"]


def test_a_long_message_does_not_ask_for_a_higher_window(place: Place) -> None:
    place.bar.say(Message(Tone.WARNING, "Long words here. " * 30, details="x", action="Do"))
    QTest.qWait(1)
    assert place.window.height() == 400 and place.bar.height() <= 72


def test_a_name_that_is_too_long_for_a_line_is_shortened(place: Place) -> None:
    name = "x" * 200 + ".png"
    place.bar.say(Message(Tone.ERROR, f"“{name}” cannot be opened."))
    shown = place.words()[1]
    assert shown.startswith("“xxx") and "…" in shown and shown.endswith(".png” cannot be opened.")
    label = next(found for found in place.bar.findChildren(QLabel) if found.text() == shown)
    assert QFontMetrics(label.font()).horizontalAdvance(shown) < label.width()
    assert name in place.bar.accessibleName() and name in label.toolTip()


def test_what_passes_goes_by_itself_but_not_from_under_the_eyes(
    place: Place, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.message_bar.GOOD_MS", 60)
    place.bar.say(Message(Tone.GOOD, "Kept 2.", details="a\nb", action="Undo", act=lambda: None, passes=True))
    place.press("More")
    qtbot.wait(200)
    assert place.bar.isVisible(), "its details are being read"
    place.press("Less")
    place.window.setFocus()
    qtbot.waitUntil(lambda: not place.bar.isVisible())
    place.bar.say(Message(Tone.GOOD, "Kept 2.", action="Undo", act=lambda: None))
    qtbot.wait(150)
    assert place.bar.isVisible(), "what has an action and is not said to pass waits"
