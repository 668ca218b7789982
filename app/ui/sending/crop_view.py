"""One crop of the sheet: picture and mask as they are sent, side by side, with their sizes, and a pager."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.core.arrays import Pixels
from app.core.endpoint import Role
from app.state.sending import SendingSheet
from app.ui.icons import icon
from app.ui.plain_text import tip
from app.ui.sending.parts import Elided, words
from app.ui.sending.words import field_words, file_words, mask_words, place_words

SIDE = 152
"""Device-independent pixels of a thumbnail's square."""


class Thumbnail(QLabel):
    """A small picture in a square that keeps its size, empty or not."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._pixels: Pixels | None = None
        self.setFixedSize(SIDE + 2, SIDE + 2)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("surface", "surround")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(name)

    def show_pixels(self, pixels: Pixels | None) -> None:
        """(h, w, 3) RGB or (h, w) grey; None for nothing."""
        self._pixels = pixels
        if pixels is None:
            self.clear()
            return
        height, width = pixels.shape[:2]
        kind = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
        image = QImage(pixels.data, width, height, pixels.strides[0], kind).copy()
        ratio = self.devicePixelRatioF()
        most = QSize(SIDE, SIDE) * ratio
        if image.width() > most.width() or image.height() > most.height():
            way = Qt.TransformationMode.SmoothTransformation
            image = image.scaled(most, Qt.AspectRatioMode.KeepAspectRatio, way)
        image.setDevicePixelRatio(ratio)
        self.setPixmap(QPixmap.fromImage(image))

    @property
    def pixels(self) -> Pixels | None:
        """What it was given."""
        return self._pixels


class CropView(QWidget):
    """Shows one crop of a sheet; ``turned`` when the user looks at another one."""

    turned = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet: SendingSheet | None = None
        self._index = 0
        self.sent_picture, self.sent_mask = (
            Thumbnail("Picture as it is sent", self),
            Thumbnail("Mask as it is sent", self),
        )
        self._titles = words(self), words(self)
        self.fields, self.sizes = (Elided(self), Elided(self)), (Elided(self), Elided(self))
        self.place, self.meaning = words(self, "secondary"), words(self, "secondary")
        self.which = words(self)
        self.previous = _pager("chevron-left", "Previous crop", self)
        self.next = _pager("chevron-right", "Next crop", self)
        self.previous.clicked.connect(lambda: self.turn(self._index - 1))
        self.next.clicked.connect(lambda: self.turn(self._index + 1))
        self._arrange()

    @property
    def index(self) -> int:
        """Which crop is shown."""
        return self._index

    def show_sheet(self, sheet: SendingSheet) -> None:
        """Show a new sheet; the crop that was looked at stays in sight as far as there are so many."""
        self._sheet = sheet
        self._index = min(self._index, max(0, len(sheet.crops) - 1))
        self._show()

    def forget(self) -> None:
        """Let the sheet go; what is shown stays until the next one."""
        self._sheet = None

    def turn(self, index: int) -> None:
        """Look at another crop."""
        if self._sheet is not None and 0 <= index < len(self._sheet.crops):
            self._index = index
            self._show()
            self.turned.emit(index)

    def _arrange(self) -> None:
        pages = QHBoxLayout()
        pages.setSpacing(4)
        pages.addWidget(self.which, 1)
        pages.addWidget(self.previous)
        pages.addWidget(self.next)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for title, text in zip(self._titles, ("Picture", "Mask"), strict=True):
            title.setText(text)
        pictures = self.sent_picture, self.sent_mask
        rows: tuple[tuple[QWidget, QWidget], ...] = (self._titles, self.fields, pictures, self.sizes)
        for row, parts in enumerate(rows):
            for column, part in enumerate(parts):
                grid.addWidget(part, row, column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(pages)
        whole.addLayout(grid)
        whole.addWidget(self.place)
        whole.addWidget(self.meaning)

    def _show(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        count = len(sheet.crops)
        crop = sheet.crops[self._index] if count else None
        self.which.setText(f"Crop {self._index + 1} of {count}" if count else "No crop yet")
        for button in (self.previous, self.next):
            button.setVisible(count > 1)
        self.previous.setEnabled(self._index > 0)
        self.next.setEnabled(self._index < count - 1)
        self.sent_picture.show_pixels(crop.picture_thumbnail if crop else None)
        self.sent_mask.show_pixels(crop.mask_thumbnail if crop else None)
        roles: tuple[Role, Role] = ("picture", "mask")
        for role, field, size in zip(roles, self.fields, self.sizes, strict=True):
            field.show_text(field_words(sheet, role))
            size.show_text(file_words(sheet, crop, role) if crop else "")
        self.place.setText(place_words(crop) if crop else "")
        self.meaning.setText(mask_words(sheet) if sheet.leaves else "")


def _pager(name: str, words: str, parent: QWidget) -> QToolButton:
    made = QToolButton(parent)
    made.setProperty("compact", True)
    made.setIcon(icon(name))
    made.setAccessibleName(words)
    made.setToolTip(tip(words))
    return made
