"""The form as a whole: what is sent can be seen, fields are found, sections fold, limits follow the type."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, Binding, Endpoint, Field, Role
from app.core.rules import TYPE
from app.core.schema import read_endpoint
from app.core.sentences import NEEDED
from app.ui.form.canvas_block import CanvasCell, meaning
from app.ui.form.choice import Segment, fits_segments
from app.ui.form.context import NOTHING
from app.ui.form.form import Form
from app.ui.form.section import Section
from app.ui.form.type_row import TypeRow, checkpoint_field
from app.ui.theme import THEMES, apply_theme, load_theme

Json = Any
Shower = Callable[..., Form]

PICTURE = Field("image_url", "string", "Image", role="picture", required=True)
MASK = Field("mask_url", "string", "Mask", role="mask", required=True)
PROMPT = Field("prompt", "string", "Prompt", role="prompt")


def endpoint(*fields: Field, **more: Any) -> Endpoint:
    roles = {field.role: field.path for field in fields if field.role is not None}
    return Endpoint("e", "E", "", fields, binding=Binding(roles=roles), **more)


def many(count: int, **more: Any) -> tuple[Field, ...]:
    return tuple(Field(f"field_{place}", "string", f"Field {place}", **more) for place in range(count))


@pytest.fixture
def show(qtbot: QtBot) -> Shower:
    def shower(shown: Endpoint, values: Mapping[str, Json] | None = None, **more: Any) -> Form:
        form = Form(shown, values or {}, **more)
        qtbot.addWidget(form)
        form.resize(256, 600)
        with qtbot.waitActive(form):
            form.show()
            form.activateWindow()
        return form

    return shower


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[QApplication]:
    """The program's own look, taken off again for the tests that follow."""
    yield qapp
    qapp.setStyleSheet("")


def search(form: Form) -> QLineEdit:
    return next(line for line in form.findChildren(QLineEdit) if line.accessibleName() == "Search fields")


def visible(form: Form) -> list[str]:
    return [path for path, row in form.rows.items() if row.isVisible()]


def said(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def named(form: QWidget, words: str) -> QAbstractButton:
    return next(one for one in form.findChildren(QAbstractButton) if one.accessibleName() == words)


def test_only_what_is_sent_is_left(show: Shower) -> None:
    needed = Field("kind", "string", "Kind", required=True, default="a")
    form = show(endpoint(*many(14), needed, PICTURE), {"field_3": "x", "field_12": "y"})
    sent = named(form, "Only what is sent")
    QTest.mouseClick(sent, Qt.MouseButton.LeftButton)
    assert sorted(visible(form)) == ["field_12", "field_3", "kind"]
    assert form.findChildren(CanvasCell)[0].isVisible()
    form.set_values({"field_3": "x", "field_7": "z"})
    assert sorted(visible(form)) == ["field_3", "field_7", "kind"]
    QTest.mouseClick(sent, Qt.MouseButton.LeftButton)
    assert {"kind", "field_3"} <= set(visible(form))


def test_who_sends_nothing_is_told(show: Shower) -> None:
    form = show(endpoint(*many(14)))
    QTest.mouseClick(named(form, "Only what is sent"), Qt.MouseButton.LeftButton)
    assert visible(form) == [] and any("Nothing is set" in words for words in said(form))


def test_the_search_looks_into_titles_names_descriptions_and_choices(show: Shower) -> None:
    fields = (
        Field("a", "string", "Sharpness"),
        Field("blur", "string", "B"),
        Field("c", "string", "C", description="About noise."),
        Field("d", "string", "D", enum=("watercolour", "oil")),
        Field("e", "string", "E", enum=("x1", "x2"), labels=("Pencil", "Ink")),
    )
    form = show(endpoint(*fields, *many(10)))
    for words, path in (("SHARP", "a"), ("blu", "b lur"), ("noise", "c"), ("water", "d"), ("ink", "e")):
        search(form).setText(words)
        assert visible(form) == [path.replace(" ", "")], words


def test_keys_lead_from_the_search_to_the_first_hit_and_back(show: Shower) -> None:
    form = show(endpoint(*many(14)))
    search(form).setFocus()
    QTest.keyClicks(search(form), "field 12")
    QTest.keyClick(search(form), Qt.Key.Key_Down)
    focused = QApplication.focusWidget()
    assert focused is not None and form.rows["field_12"].isAncestorOf(focused)
    search(form).setFocus()
    QTest.keyClick(search(form), Qt.Key.Key_Return)
    assert form.rows["field_12"].isAncestorOf(QApplication.focusWidget() or form)
    search(form).setFocus()
    QTest.keyClick(search(form), Qt.Key.Key_Escape)
    assert search(form).text() == "" and visible(form) == []


def test_groups_have_headings_in_the_providers_order(show: Shower) -> None:
    fields = (
        Field("z", "string", "Z", group="Later"),
        Field("a", "string", "A", group="Look"),
        Field("prompt", "string", "Prompt", role="prompt", group="Look"),
        Field("b", "string", "B", group="Later"),
        Field("old", "string", "Old", group="Look", deprecated=True),
        Field("odd", "string", "Odd", rare=True),
    )
    form = show(endpoint(*fields))
    sections = form.findChildren(Section)
    assert [section.head.text() for section in sections] == ["Later", "Look", "More (2)"]
    assert [[field.path for field in section.fields] for section in sections] == [["z", "b"], ["a"], ["old", "odd"]]
    assert [section.is_open() for section in sections] == [True, True, False]
    assert visible(form) == ["prompt", "z", "b", "a"]
    QTest.mouseClick(sections[0].head, Qt.MouseButton.LeftButton)
    assert visible(form) == ["prompt", "a"]
    QTest.keyClick(sections[0].head, Qt.Key.Key_Space)
    assert visible(form) == ["prompt", "z", "b", "a"]


def test_a_section_with_something_set_or_needed_is_open(show: Shower) -> None:
    first = many(20, group="First")
    second = replace(Field("s", "string", "S"), group="Second")
    third = Field("t", "string", "T", group="Third", required=True)
    fourth = Field("u", "string", "U", group="Fourth")
    form = show(endpoint(*first, second, third, fourth), {"s": "x"})
    assert [section.is_open() for section in form.findChildren(Section)] == [False, True, True, False]


def test_a_heading_says_what_it_hides(show: Shower) -> None:
    form = show(endpoint(*many(14)))
    more = form.findChildren(Section)[-1]
    assert more.head.text() == "More (14)"
    form.set_values({"field_3": "x", "field_4": "y"})
    form.set_problems({"field_4": "Wrong.", "field_5": NEEDED})
    assert more.head.text() == "More (14) · 2 set · 1 to fix" and "2 set, 1 to fix" in more.head.accessibleName()
    form.insist()
    assert more.head.text().endswith("2 to fix")
    form.set_problems({})
    form.set_values({})
    assert more.head.text() == "More (14)"


def test_canvas_fields_are_small_pictures_not_boxes(show: Shower) -> None:
    asked: list[tuple[Role, int]] = []

    def canvas(role: Role, side: int) -> QImage:
        asked.append((role, side))
        image = QImage(side, side // 2, QImage.Format.Format_RGB32)
        image.fill(QColor(10, 200, 30) if role == "picture" else QColor(255, 255, 255))
        return image

    size: list[tuple[int, int] | None] = [(1024, 768)]
    context = replace(NOTHING, canvas=canvas, crop_size=lambda: size[0])
    form = show(endpoint(PICTURE, MASK), context=context)
    cells = form.findChildren(CanvasCell)
    assert [cell.field.path for cell in cells] == ["image_url", "mask_url"] and "image_url" not in form.rows
    assert asked == [("picture", 64), ("mask", 64)]
    assert said(cells[0]) == ["Image", "1024 × 768"] and "image_url" in cells[0].toolTip()
    shown = cells[0].grab().toImage()
    assert shown.pixelColor(34, shown.height() // 2) == QColor(10, 200, 30)
    size[0] = None
    form.refresh_canvas()
    assert said(cells[1]) == ["Mask", "Paint a mask"]


def test_a_canvas_field_can_be_used_otherwise(show: Shower, qtbot: QtBot) -> None:
    form = show(endpoint(PICTURE, MASK))
    cell = form.findChildren(CanvasCell)[1]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), cell.mapToGlobal(QPoint(2, 2)))
    QApplication.sendEvent(cell, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    roles = next(action.menu() for action in menu.actions() if action.text() == "Use as")
    assert isinstance(roles, QMenu)
    with qtbot.waitSignal(form.role_requested) as told:
        roles.actions()[0].trigger()
    menu.close()
    assert told.args == ["mask_url", None]
    assert form.reveal("mask_url") is cell and cell.hasFocus()


def test_a_small_picture_is_not_called_an_address(show: Shower) -> None:
    form = show(endpoint(replace(PICTURE, title="Image Urls"), replace(MASK, title="Mask URL")))
    assert [said(cell)[0] for cell in form.findChildren(CanvasCell)] == ["Image", "Mask"]
    form = show(endpoint(replace(PICTURE, title="URL")))
    assert said(form.findChildren(CanvasCell)[0])[0] == "URL"


def test_what_is_wrong_with_the_picture_stands_under_it(show: Shower) -> None:
    form = show(endpoint(PICTURE, MASK))
    form.set_problems({"mask_url": "The mask is smaller than the picture."})
    cell = form.findChildren(CanvasCell)[1]
    assert "Mask: The mask is smaller than the picture." in said(form)
    assert cell.property("invalid") is True and cell.accessibleDescription() == "The mask is smaller than the picture."
    form.set_problems({})
    assert not any("smaller" in text for text in said(form)) and cell.accessibleDescription() == ""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((PICTURE, MASK), ""),
        ((PICTURE,), "takes no mask"),
        ((MASK,), "no picture"),
        ((PROMPT,), "makes one from your words"),
        ((), "neither picture nor mask"),
        ((PICTURE, replace(MASK, required=False)), "optional"),
    ],
)
def test_what_a_missing_picture_or_mask_means(fields: tuple[Field, ...], words: str, show: Shower) -> None:
    shown = endpoint(*fields)
    assert words in meaning(shown) and bool(meaning(shown)) == bool(words)
    assert meaning(shown) == "" or meaning(shown) in said(show(shown))


def test_what_runs_on_this_computer_is_given_picture_and_mask_without_a_field_for_them() -> None:
    assert meaning(replace(endpoint(), provider="local")) == ""


TYPED = (
    {"rule": "type_of", "field": "modelId", "known": {"m1": "sd"}, "prefixes": {"fx": "flux"}},
    {"rule": "by_type", "types": ["flux"], "limits": {"guidance": {"minimum": 2, "maximum": 5, "default": 3}}},
    {"rule": "by_type", "types": ["sd"], "limits": {"guidance": {"minimum": 0, "maximum": 20, "default": 7}}},
)


def typed() -> Endpoint:
    guidance = Field("guidance", "number", "Guidance", minimum=0, maximum=30)
    return endpoint(Field("modelId", "string", "Checkpoint"), guidance, rules=TYPED)


def test_what_is_wrong_with_a_stated_type_stands_beside_it(show: Shower) -> None:
    form = show(typed(), {TYPE: "nonsense"})
    form.set_problems({TYPE: "nonsense is not a type of checkpoint that is known here."})
    assert "nonsense is not a type of checkpoint that is known here." in said(form)
    row = form.reveal(TYPE)
    assert row is not None and QApplication.focusWidget() is row.focusProxy()


def test_what_does_not_count_is_muted_and_says_why_once_it_is_set(show: Shower) -> None:
    fields = (Field("on", "boolean", "On"), Field("power", "number", "Power"), Field("soft", "boolean", "Soft"))
    rule = {"rule": "only_when", "fields": ["power", "soft"], "when": {"field": "on", "equals": True}, "text": "Off."}
    form = show(endpoint(*fields, rules=(rule,)))
    power, soft = form.rows["power"], form.rows["soft"]
    box = soft.findChild(QCheckBox)
    assert box is not None and box.property("idle") is True and box.accessibleDescription() == "Off"
    title = next(label for label in power.findChildren(QLabel) if label.text() == "Power")
    assert title.property("idle") is True and "Off." not in said(power)
    form.set_values({"power": 3})
    assert "Off." in said(power)
    form.set_values({"power": 3, "on": True})
    assert not title.property("idle") and not box.property("idle") and "Off." not in said(power)


def test_a_list_ends_where_the_rules_say(show: Shower) -> None:
    entry = Field("loras[]", "object", "", children=(Field("loras[].path", "string", "Path"),))
    loras = Field("loras", "array", "LoRAs", children=entry.children)
    form = show(endpoint(loras, rules=({"rule": "at_most", "field": "loras", "count": 2},)))
    add = next(one for one in form.rows["loras"].findChildren(QAbstractButton) if "add" in one.accessibleName())
    for room in (True, True, False):
        assert add.isEnabled() is room
        QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    assert form.rows["loras"].value() == [{}, {}] and "At most 2" in said(form)


def test_limits_follow_the_checkpoint_and_its_type(show: Shower) -> None:
    form = show(typed(), {"guidance": 4})
    row = form.rows["guidance"]
    assert (row.field.minimum, row.field.maximum) == (0, 30)
    box = form.rows["modelId"].findChild(QLineEdit)
    assert box is not None
    QTest.keyClicks(box, "m1")
    assert (row.field.maximum, row.field.default, row.value()) == (20, 7, 4)
    form.set_values({"guidance": 4, "modelId": "fx-2"})
    assert (row.field.minimum, row.field.maximum, row.field.default) == (2, 5, 3)
    form.set_values({"guidance": 4})
    assert (row.field.maximum, row.field.default) == (30, MISSING)


def test_the_type_is_stated_below_the_checkpoint_and_never_sent(show: Shower, qtbot: QtBot) -> None:
    form = show(typed())
    row = form.findChild(TypeRow)
    assert isinstance(row, TypeRow) and "not sent" in said(row) and checkpoint_field(typed()) == "modelId"
    assert form.rows["modelId"].y() < row.y() < form.rows["guidance"].y()
    box = row.findChild(QComboBox)
    assert box is not None and box.currentText() == "Not known"
    form.set_values({"modelId": "fx-1"})
    assert box.currentText() == "flux (by its name)"
    with qtbot.waitSignal(form.value_changed) as told:
        box.setCurrentIndex(2)
        box.activated.emit(2)
    assert told.args == [TYPE, "sd"] and form.rows["guidance"].field.maximum == 20
    with qtbot.waitSignal(form.value_changed) as told:
        box.setCurrentIndex(0)
        box.activated.emit(0)
    assert told.args == [TYPE, MISSING] and form.rows["guidance"].field.maximum == 5


def test_what_is_worth_knowing_follows_the_type(show: Shower) -> None:
    rule = {"rule": "note", "fields": ["guidance"], "types": ["sd"], "text": "Take much of it."}
    form = show(replace(typed(), rules=(*TYPED, rule)), {"modelId": "fx-1"})
    about = named(form.rows["guidance"], "About Guidance")
    assert "Take much of it." not in about.toolTip()
    form.set_values({"modelId": "m1"})
    assert "Take much of it." in about.toolTip()


def test_an_endpoint_without_types_asks_for_none(show: Shower) -> None:
    assert show(endpoint(PICTURE)).findChild(TypeRow) is None


def test_typing_leaves_other_rows_alone(show: Shower, monkeypatch: pytest.MonkeyPatch) -> None:
    form = show(endpoint(Field("prompt", "string", "Prompt", role="prompt", multiline=True), *many(7)))
    touched: list[str] = []
    for path, row in form.rows.items():
        monkeypatch.setattr(row.editor, "set_value", lambda value, path=path: touched.append(path))
    box = form.rows["prompt"].findChild(QPlainTextEdit)
    assert box is not None
    form.value_changed.connect(lambda path, value: form.set_values({"field_1": "a", path: value}))
    QTest.keyClicks(box, "abc")
    assert set(touched) == {"field_1"} and "prompt" not in touched


def test_roles_are_asked_for_by_the_rows(show: Shower, qtbot: QtBot) -> None:
    form = show(endpoint(*many(3)))
    with qtbot.waitSignal(form.role_requested) as told:
        form.rows["field_2"].ask_role("prompt")
    assert told.args == ["field_2", "prompt"]


def test_the_menus_button_follows_the_focus(show: Shower, qapp: QApplication) -> None:
    form = show(endpoint(*many(2)))

    def shown_in(path: str) -> bool:
        found = form.rows[path].findChildren(QToolButton)
        return any(one.isVisible() for one in found if one.accessibleName().startswith("More about"))

    for path, other in (("field_0", "field_1"), ("field_1", "field_0")):
        form.rows[path].editor.setFocus()
        qapp.processEvents()
        assert shown_in(path) and not shown_in(other)


def test_ten_thousand_fields_are_at_hand(qtbot: QtBot, qapp: QApplication) -> None:
    properties = {f"field_{place}": {"type": "string", "title": f"Title {place}"} for place in range(10_000)}
    shown = read_endpoint({"type": "object", "properties": properties})
    start = time.thread_time()
    form = Form(shown, {})
    qtbot.addWidget(form)
    form.show()
    assert time.thread_time() - start < 1
    more = form.findChildren(Section)[-1]
    more.open()
    qtbot.waitUntil(lambda: len(form.rows) > 99)
    for _ in range(20):
        qapp.processEvents()
    assert len(form.rows) < 200
    button = next(one for one in more.findChildren(QAbstractButton) if "show more" in one.accessibleName())
    rows = len(form.rows)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(form.rows) == rows + 100)
    start = time.thread_time()
    search(form).setText("title 9")
    assert len(visible(form)) == 60 and any("more fields: search for more words" in words for words in said(form))
    search(form).setText("title 9876")
    assert visible(form) == ["field_9876"]
    search(form).clear()
    assert time.thread_time() - start < 2
    assert "field_9876" not in visible(form)
    row = form.reveal("field_9876")
    assert row is not None and row.isVisible()


@pytest.mark.parametrize(
    "words",
    [
        ("TURBO", "BALANCED", "QUALITY"),
        ("none", "low", "regular", "high"),
        ("WWWW", "MMMM", "QQQQ"),
        ("漢字漢", "漢字", "漢字漢"),
        ("first one", "second one"),
    ],
)
@pytest.mark.parametrize("theme", THEMES)
def test_segments_are_read_whole_in_the_narrowest_panel(
    words: tuple[str, ...], theme: str, show: Shower, themed: QApplication
) -> None:
    apply_theme(themed, load_theme(theme))
    form = show(endpoint(Field("x", "string", "X", enum=words)))
    assert fits_segments(form.rows["x"].field)
    for segment in form.findChildren(Segment):
        option = QStyleOptionButton()
        segment.initStyleOption(option)
        room = segment.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, segment)
        assert segment.fontMetrics().horizontalAdvance(segment.text()) <= room.width() and form.width() == 256
