"""One crop of the sheet: picture and mask as they are sent, side by side, with their sizes, and a pager."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.core.arrays import Pixels
from app.core.endpoint import Role
from app.state.sending import SendingSheet
from app.ui.icons import icon
from app.ui.plain_text import tip
from app.ui.sending.words import file_title, file_words, mask_words, place_words

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
        self._titles = _label(self), _label(self)
        self._sizes = _label(self, secondary=True), _label(self, secondary=True)
        self._place = _label(self, secondary=True)
        self._meaning = _label(self, secondary=True)
        self._which = _label(self)
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

    def turn(self, index: int) -> None:
        """Look at another crop."""
        if self._sheet is not None and 0 <= index < len(self._sheet.crops):
            self._index = index
            self._show()
            self.turned.emit(index)

    def _arrange(self) -> None:
        pages = QHBoxLayout()
        pages.setSpacing(4)
        pages.addWidget(self._which, 1)
        pages.addWidget(self.previous)
        pages.addWidget(self.next)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        rows: tuple[tuple[QWidget, QWidget], ...] = (self._titles, (self.sent_picture, self.sent_mask), self._sizes)
        for row, parts in enumerate(rows):
            for column, part in enumerate(parts):
                grid.addWidget(part, row, column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(pages)
        whole.addLayout(grid)
        whole.addWidget(self._place)
        whole.addWidget(self._meaning)

    def _show(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        count = len(sheet.crops)
        crop = sheet.crops[self._index] if count else None
        self._which.setText(f"Crop {self._index + 1} of {count}" if count else "No crop yet")
        for button in (self.previous, self.next):
            button.setVisible(count > 1)
        self.previous.setEnabled(self._index > 0)
        self.next.setEnabled(self._index < count - 1)
        self.sent_picture.show_pixels(crop.picture_thumbnail if crop else None)
        self.sent_mask.show_pixels(crop.mask_thumbnail if crop else None)
        roles: tuple[Role, Role] = ("picture", "mask")
        for role, title, size in zip(roles, self._titles, self._sizes, strict=True):
            title.setText(file_title(sheet, role))
            size.setText(file_words(crop, role) if crop else "")
        self._place.setText(place_words(crop) if crop else "")
        self._meaning.setText(mask_words(sheet) if sheet.leaves else "")


def _label(parent: QWidget, *, secondary: bool = False) -> QLabel:
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("secondary", secondary)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return made


def _pager(name: str, words: str, parent: QWidget) -> QToolButton:
    made = QToolButton(parent)
    made.setProperty("compact", True)
    made.setIcon(icon(name))
    made.setAccessibleName(words)
    made.setToolTip(tip(words))
    return made
