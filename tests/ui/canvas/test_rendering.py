"""What is really seen: every device pixel against a brute-force drawing, and only what changed painted again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QRegion
from pytestqt.qtbot import QtBot

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.mask import Mask
from app.core.picture import Picture
from app.core.request import Patch
from app.ui.canvas.levels import AT_ONCE
from app.ui.theme import current_theme
from tests.ui.canvas.desk import Desk, addressed, image_pixels, noise


def rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def squares(desk: Desk, picture: Pixels) -> Pixels:
    """Brute force: the picture's pixel under the centre of each device pixel, surround beside it."""
    view = desk.canvas.view
    expected = np.empty((desk.canvas.height(), desk.canvas.width(), 3), np.uint8)
    expected[:] = rgb(desk.display.surround_colour(current_theme()))
    left, top = view.offset
    for row in range(expected.shape[0]):
        y = int((row + 0.5 - top) // view.scale)
        if 0 <= y < picture.shape[0]:
            columns = np.floor((np.arange(expected.shape[1]) + 0.5 - left) / view.scale).astype(int)
            inside = (columns >= 0) & (columns < picture.shape[1])
            expected[row, inside] = picture[y, columns[inside], 2::-1]
    return expected


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.0, 5.5, 8.0, 64.0])
def test_at_and_above_100_percent_pixels_are_exact_squares(desk: Desk, scale: float) -> None:
    picture = noise(150, 110)
    desk.open(picture)
    desk.look_at(scale, QPointF(3.2, 2.7))
    assert np.array_equal(desk.shot(), squares(desk, picture))


@pytest.mark.parametrize("scale", [1 / 24, 1 / 8, 0.11, 0.3, 0.5, 2 / 3])
def test_below_100_percent_the_picture_is_smooth(desk: Desk, scale: float) -> None:
    """One-pixel stripes become their mean; a nearest draw would show some of them."""
    picture = np.full((1800, 2400, 4), 255, np.uint8)
    picture[:, ::2, :3] = 0
    desk.open(picture)
    desk.look_at(scale)
    rect = desk.canvas.view.picture_rect.adjusted(3, 3, -3, -3).intersected(desk.canvas.rect())
    inner = desk.shot()[rect.top() : rect.bottom(), rect.left() : rect.right()]
    if scale <= 0.5:
        assert np.all(abs(inner.astype(int) - 128) <= 2)
    else:
        assert inner.max() < 235 and inner.min() > 20


@pytest.mark.parametrize("scale", [1 / 12, 0.29, 1.0, 3.0, 32.0])
def test_an_edge_lies_where_the_view_says(desk: Desk, scale: float) -> None:
    picture = np.full((900, 1200, 4), 255, np.uint8)
    picture[:, 600:, :3] = 0
    desk.open(picture)
    desk.look_at(scale)
    edge = desk.canvas.view.to_device(QPointF(600, 450)).x()
    line = desk.shot()[150, :, 0]
    rect = desk.canvas.view.picture_rect
    dark = np.flatnonzero(line[max(0, rect.left()) : rect.right()] < 128)[0] + max(0, rect.left())
    assert abs(dark - edge) <= 1


# -- overlay -------------------------------------------------------------------------------------------------------


def masked(desk: Desk, mask: Pixels) -> None:
    desk.document.replace_mask("Test", mask)
    desk.settle()


@pytest.mark.parametrize("scale", [1.0, 2.0, 7.0, 32.0])
def test_overlay_and_outline_are_where_the_mask_is(desk: Desk, scale: float) -> None:
    picture = np.full((60, 80, 4), 200, np.uint8)
    picture[..., 3] = 255
    desk.open(picture)
    mask = np.random.default_rng(3).integers(0, 2, (60, 80), dtype=np.uint8) * np.uint8(255)
    masked(desk, mask)
    desk.display.outline = False
    desk.look_at(scale, QPointF(20, 20))
    shown = desk.shot()
    view = desk.canvas.view
    covered = squares(desk, np.repeat(mask[..., None], 4, axis=2))[..., 0] == 255
    rect = view.picture_rect.intersected(desk.canvas.rect())
    inside = np.zeros(covered.shape, bool)
    inside[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1] = True
    assert np.all(abs(shown[covered & inside].astype(int) - (228, 100, 100)) <= 1)
    assert np.all(shown[~covered & inside] == 200)


def test_the_outline_is_light_inside_and_dark_outside(desk: Desk) -> None:
    picture = np.full((300, 300, 4), 128, np.uint8)
    desk.open(picture)
    mask = np.zeros((300, 300), np.uint8)
    mask[100:200, 120:220] = 255
    masked(desk, mask)
    desk.look_at(1.0)
    shown = desk.shot().astype(int)
    left, top = desk.canvas.view.offset
    row = shown[top + 150, left : left + 300]
    assert row[120].min() > 200 and row[219].min() > 200
    assert row[119].max() < 60 and row[220].max() < 60
    assert tuple(row[118]) == (128, 128, 128)
    assert abs(row[160] - (191, 64, 64)).max() <= 1


@pytest.mark.parametrize("ground", [0, 255])
@pytest.mark.parametrize("colour", ["#ff0000", "#000000", "#ffffff"])
def test_a_masked_area_is_seen_on_any_ground_and_with_any_colour(desk: Desk, ground: int, colour: str) -> None:
    picture = np.full((300, 300, 4), ground, np.uint8)
    picture[..., 3] = 255
    desk.open(picture)
    desk.display.colour = QColor(colour)
    before = desk.shot().astype(int)
    mask = np.zeros((300, 300), np.uint8)
    mask[100:200, 120:220] = 255
    masked(desk, mask)
    assert abs(desk.shot().astype(int) - before).max() > 150


@pytest.mark.parametrize("scale", [1 / 32, 1 / 9, 0.3, 0.7])
def test_a_single_masked_pixel_is_seen_at_every_zoom(desk: Desk, scale: float) -> None:
    picture = np.full((3000, 4000, 4), 128, np.uint8)
    desk.open(picture)
    desk.look_at(scale)
    before = desk.shot().astype(int)
    for at in ((2003, 1502), (1941, 1477), (2010, 1519)):
        mask = np.zeros((3000, 4000), np.uint8)
        mask[at[1], at[0]] = 255
        masked(desk, mask)
        place = desk.canvas.view.to_device(QPointF(at[0] + 0.5, at[1] + 0.5))
        changed = abs(desk.shot().astype(int) - before).max(axis=2) > 60
        assert changed.any()
        rows, columns = np.nonzero(changed)
        assert abs(rows - place.y()).max() < 5 and abs(columns - place.x()).max() < 5


def test_the_overlay_can_be_hidden_and_never_changes_the_mask(desk: Desk) -> None:
    desk.open(noise(100, 80))
    plain = desk.shot()
    desk.document.fill_all()
    before = desk.mask.copy()
    assert not np.array_equal(desk.shot(), plain)
    desk.display.opacity = 0.1
    desk.display.colour = QColor("#00ff00")
    desk.display.overlay = False
    assert np.array_equal(desk.shot(), plain)
    assert np.array_equal(desk.mask, before)


def test_opacity_and_colour_are_those_asked_for(desk: Desk) -> None:
    picture = np.full((200, 200, 4), 255, np.uint8)
    desk.open(picture)
    desk.document.fill_all()
    desk.display.colour = QColor(0, 0, 255)
    desk.display.opacity = 0.25
    assert abs(desk.shot()[150, 200].astype(int) - (191, 191, 255)).max() <= 1


# -- a partial repaint is a part of the full one -------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1 / 12, 0.23, 0.5, 0.61, 1.0, 2.0, 3.0, 11.3, 64.0])
def test_dirty_rectangles_fit_seamlessly(desk: Desk, scale: float) -> None:
    """After many small repaints the widget looks exactly as if it were painted whole."""
    desk.open(noise(1201, 901))
    desk.look_at(scale)
    desk.brush.radius = 4
    places = [(150, 100), (170, 131), (143, 160), (211, 167), (260, 90)]
    for place in places:
        desk.press(place)
        desk.move((place[0] + 13, place[1] + 7))
        desk.settle()
        desk.release((place[0] + 13, place[1] + 7))
        desk.settle()
    screen = desk.canvas.screen().grabWindow(desk.canvas.winId()).toImage()
    whole = desk.canvas.grab().toImage()
    assert screen.size() == whole.size()
    difference = image_pixels(screen).astype(int) - image_pixels(whole)
    assert abs(difference).max() <= 2  # smoothing starts its sums at another pixel


def test_painting_repaints_only_round_the_stroke(desk: Desk) -> None:
    desk.open(noise(1200, 900))
    desk.look_at(1.0)
    desk.press((100, 100))
    desk.move((110, 100))
    desk.settle()
    desk.canvas.painted = QRegion()
    desk.move((120, 104))
    desk.settle()
    painted = desk.canvas.painted.boundingRect()
    assert painted.contains(QRect(105, 95, 20, 13))
    assert QRect(85, 80, 60, 50).contains(painted)
    desk.release((120, 104))


def test_a_changed_part_of_the_picture_is_painted_again(desk: Desk) -> None:
    picture = noise(300, 200)
    desk.open(picture)
    desk.look_at(1.0)
    desk.canvas.painted = QRegion()
    patch = np.full((20, 30, 3), 7, np.uint8)
    desk.document.accept("one", [Patch(Box(40, 50, 70, 70), patch)])
    desk.settle()
    assert desk.canvas.painted.boundingRect().width() < 60
    left, top = desk.canvas.view.offset
    assert np.all(desk.shot()[top + 50 : top + 70, left + 40 : left + 70] == 7)


# -- results -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1.0, 4.0, 0.5])
def test_a_preview_lies_over_the_picture_and_the_original_over_both(desk: Desk, scale: float) -> None:
    picture = np.full((200, 300, 4), 255, np.uint8)
    desk.open(picture)
    desk.look_at(scale, QPointF(55, 60))
    spot = desk.canvas.view.to_device(QPointF(55, 60)).toPoint()

    def seen() -> tuple[int, ...]:
        return tuple(int(v) for v in desk.shot()[spot.y(), spot.x()])

    red, blue = np.zeros((20, 30, 3), np.uint8), np.zeros((20, 30, 3), np.uint8)
    red[..., 0], blue[..., 2] = 255, 255
    desk.document.accept("one", [Patch(Box(40, 50, 70, 70), red)])
    assert seen() == (255, 0, 0)
    desk.canvas.show_preview([Patch(Box(40, 50, 70, 70), blue)])
    assert seen() == (0, 0, 255)
    desk.canvas.show_original(True)
    assert seen() == (255, 255, 255)
    desk.canvas.show_original(False)
    assert seen() == (0, 0, 255)
    desk.canvas.show_preview(None)
    assert seen() == (255, 0, 0)


def test_a_preview_ends_at_its_boxs_edge(desk: Desk) -> None:
    picture = noise(300, 200)
    desk.open(picture)
    desk.look_at(1.0)
    before = desk.shot()
    desk.canvas.show_preview([Patch(Box(41, 53, 72, 77), np.full((24, 31, 3), 9, np.uint8))])
    after = desk.shot()
    left, top = desk.canvas.view.offset
    rows, columns = np.nonzero((after != before).any(axis=2))
    assert (rows.min(), rows.max()) == (top + 53, top + 76)
    assert (columns.min(), columns.max()) == (left + 41, left + 71)


# -- surround and transparency -------------------------------------------------------------------------------------


def test_the_surround_goes_round_three_colours(desk: Desk) -> None:
    desk.open(noise(50, 50))
    theme = current_theme()
    for colour in (theme.surround, theme.surround_mid, theme.surround_white, theme.surround):
        assert tuple(desk.shot()[2, 2]) == rgb(colour)
        desk.display.next_surround()


def test_transparent_parts_show_a_checkerboard(desk: Desk) -> None:
    picture = np.zeros((200, 300, 4), np.uint8)
    picture[:, 150:] = 255
    desk.open(picture, has_alpha=True)
    for scale in (1.0, 2.0, 0.5):
        desk.look_at(scale, QPointF(150, 100))
        shown = desk.shot()
        theme = current_theme()
        clear = {tuple(int(v) for v in pixel) for pixel in shown[150, 150:195]}
        assert clear == {rgb(theme.checker_light), rgb(theme.checker_dark)}
        assert np.all(shown[150, 205:230] == 255)


# -- levels on a thread --------------------------------------------------------------------------------------------


def test_a_large_picture_is_shown_at_once_and_gets_smooth(make_desk: Callable[..., Desk], qtbot: QtBot) -> None:
    with ThreadPoolExecutor(1) as executor:
        desk = make_desk(executor=executor)
        picture = np.full((1600, 2400, 4), 255, np.uint8)
        picture[:, ::2, :3] = 0
        assert picture.nbytes > AT_ONCE
        desk.document.open(Picture(picture))
        first = desk.shot()[150, 100:300]
        assert first.max() == 255 or first.min() == 0 or np.all(abs(first.astype(int) - 128) <= 2)
        qtbot.waitUntil(lambda: bool(np.all(abs(desk.shot()[150, 100:300].astype(int) - 128) <= 2)), timeout=5000)


def test_what_is_painted_while_the_levels_are_made_is_in_them(make_desk: Callable[..., Desk], qtbot: QtBot) -> None:
    with ThreadPoolExecutor(1) as executor:
        desk = make_desk(executor=executor)
        desk.document.open(Picture(np.full((2200, 3000, 4), 128, np.uint8)))
        desk.brush.radius = 40
        desk.drag([(200, 150), (240, 170)])
        qtbot.waitUntil(lambda: bool(desk.canvas._scene._mask and desk.canvas._scene._mask.complete), timeout=5000)
        desk.settle()
        levels = desk.canvas._scene._mask
        assert levels is not None
        expected = desk.mask.any()
        assert expected and levels.level(2).any()
        assert np.count_nonzero(levels.level(2)) >= np.count_nonzero(desk.mask) // 16


def test_another_mask_array_is_taken_over(desk: Desk) -> None:
    desk.open(np.full((200, 300, 4), 128, np.uint8))
    mask = np.zeros((200, 300), np.uint8)
    mask[50:150, 50:250] = 255
    desk.document.open(Picture(np.full((200, 300, 4), 128, np.uint8)), mask=Mask(mask))
    left, top = desk.canvas.view.offset
    scale = desk.canvas.view.scale
    assert desk.shot()[int(top + 100 * scale), int(left + 150 * scale)][0] > 180


# -- the cursor ----------------------------------------------------------------------------------------------------


def test_the_cursor_follows_and_leaves_nothing_behind(desk: Desk) -> None:
    desk.open(addressed(300, 200))
    desk.look_at(1.0)
    clean = desk.shot()
    desk.brush.radius = 12
    desk.hover((150, 100))
    first = desk.shot()
    rows, columns = np.nonzero((first != clean).any(axis=2))
    x, y = (int(v // 1) for v in desk.canvas.view.to_picture(QPointF(150, 100)).toTuple())
    middle = desk.canvas.view.to_device(QPointF(x + 0.5, y + 0.5))
    assert abs((rows.min() + rows.max() + 1) / 2 - middle.y()) <= 1
    assert abs((columns.min() + columns.max() + 1) / 2 - middle.x()) <= 1
    assert abs(columns.max() - columns.min() - 25) <= 4
    desk.leave()
    assert np.array_equal(desk.shot(), clean)


@pytest.mark.parametrize(("scale", "radius"), [(8.0, 3), (16.0, 1), (4.0, 11), (32.0, 2), (64.0, 1)])
def test_the_cursor_is_the_outline_of_the_dab(desk: Desk, scale: float, radius: int) -> None:
    """The light line lies on the edge of what a dab paints, all round it, at most a device pixel off."""
    desk.open(np.full((200, 300, 4), 100, np.uint8))
    desk.look_at(scale)
    desk.display.outline = False
    desk.brush.radius = radius
    desk.hover((200, 150))
    clean = desk.shot()
    light = clean.min(axis=2) == 255
    desk.drag([(200, 150)])
    desk.leave()
    dab = desk.shot()[..., 0] > desk.shot()[..., 1].astype(int) + 20
    edge = np.zeros(dab.shape, bool)
    for axis in (0, 1):
        for step in (1, -1):
            edge |= dab & ~np.roll(dab, step, axis)
    rows, _ = np.nonzero(light)
    assert len(rows) > 8 * radius * scale * 0.5
    near = np.zeros(dab.shape, bool)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            near |= np.roll(edge, (dy, dx), (0, 1))
    assert np.all(near[light])
    reached = np.zeros(dab.shape, bool)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            reached |= np.roll(light, (dy, dx), (0, 1))
    assert np.all(reached[edge])


def test_a_tiny_cursor_has_a_cross(desk: Desk) -> None:
    desk.open(np.full((3000, 4000, 4), 100, np.uint8))
    clean = desk.shot()
    desk.brush.radius = 1
    desk.hover((200, 150))
    rows, columns = np.nonzero((desk.shot() != clean).any(axis=2))
    assert columns.max() - columns.min() >= 12 and rows.max() - rows.min() >= 12


def test_the_systems_cursor_is_hidden_over_the_picture_only(desk: Desk) -> None:
    assert desk.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    desk.open(noise(100, 80))
    assert desk.canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    desk.toolbox.select("hand")
    assert desk.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
