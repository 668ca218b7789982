"""Where the two pictures are seen."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.compare.panes import Mode, panes, port

SIDES = st.integers(1, 5000)


@given(mode=st.sampled_from(Mode), width=SIDES, height=SIDES, divider=st.floats(-0.5, 1.5), gap=st.integers(0, 6))
def test_panes_share_the_widget_without_overlap(mode: Mode, width: int, height: int, divider: float, gap: int) -> None:
    first, second = panes(mode, width, height, divider, gap)
    assert (first.side, second.side) == (0, 1)
    areas = [pane.area.width() * pane.area.height() for pane in (first, second)]
    if mode.has_divider:
        assert sum(areas) == width * height
        assert first.origin == second.origin
    elif width > gap + 2:
        assert areas[0] == areas[1]
        assert width - first.area.width() - second.area.width() in (gap, gap + 1)
        assert port(mode, width, height, gap) == (first.area.width(), height)
        assert second.origin == second.area.topLeft()
    assert first.area.intersected(second.area).isEmpty() or width <= gap + 2
