"""What a screen reader hears inside groups and lists: a control's name after the names of what it stands in.

"Scale" alone says nothing in a list of three: "LoRA 2: Scale" does.
"""

from itertools import pairwise
from typing import Final

from PySide6.QtWidgets import QWidget

_PLACE: Final = "mendbrush_place"
_BARE: Final = "mendbrush_bare_name"
_SAID: Final = "mendbrush_said_name"


def set_place(box: QWidget, words: str) -> None:
    """Name the group or the entry whose controls stand in ``box``, and all of them after it."""
    if box.property(_PLACE) != words:
        box.setProperty(_PLACE, words)
        say_places(box)


def say_places(root: QWidget) -> None:
    """Put the places that the controls in ``root`` stand in before their names, again where they have changed."""
    for control in [root, *root.findChildren(QWidget)]:
        name = control.accessibleName()
        if not name:
            continue
        if name != control.property(_SAID):
            control.setProperty(_BARE, name)
        said = ": ".join([*_places(control), str(control.property(_BARE))])
        control.setProperty(_SAID, said)
        if said != name:
            control.setAccessibleName(said)


def _places(control: QWidget) -> list[str]:
    """The places round ``control``, outermost first."""
    found: list[str] = []
    around: QWidget | None = control
    while around is not None:
        place = around.property(_PLACE)
        if place:
            found.append(str(place))
        around = around.parentWidget()
    return found[::-1]


def chain_focus(root: QWidget) -> None:
    """Let Tab go through the controls in ``root`` as they are ordered there, from where its first one stands."""
    inside = (part for part in root.findChildren(QWidget) if part.window() is root.window())
    stops = [part for part in inside if part.focusPolicy().value & 1 and part.focusProxy() is None]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)
