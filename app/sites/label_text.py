"""Text on labels: cleaned, shaped and fitted into a box whatever somebody typed as a name."""

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_FONTS: Final = Path(__file__).parent.parent / "fonts"
_REGULAR: Final = _FONTS / "DejaVuSansCondensed.ttf"
_BOLD: Final = _FONTS / "DejaVuSansCondensed-Bold.ttf"

# No box of a label shows more; what follows is cut before it costs anything.
_MAX_CHARS: Final = 160
_MAX_RAW_CHARS: Final = 2000

# Marks stacked on one letter (accents): two are real writing, forty are somebody's joke over other
# lines.
_MAX_MARKS_IN_A_ROW: Final = 2

# Format characters that join letters in Persian, Indic scripts and emoji. All others are dropped:
# among them are the bidirectional overrides, with which a name could turn the text around it.
_JOINERS: Final = frozenset("\u200c\u200d")
_DROPPED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

_LINE_HEIGHT: Final = 1.15
_ELLIPSIS: Final = "…"
_NOTHING: Final = "–"
_STEP: Final = 0.92


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the label, in pixels from its top left corner."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text may be fitted: letter sizes in pixels, from wished to least, and lines at most."""

    size: int
    least: int
    lines: int = 1
    is_bold: bool = False
    align: str = "left"


def printable(text: str) -> str:
    """Return one line of text that any printer takes; a dash when nothing visible is left.

    Line breaks and tabs become spaces; control characters, lone surrogates, private and unassigned
    code points and bidirectional controls go; what is longer than `_MAX_CHARS` ends in an ellipsis.
    """
    kept: list[str] = []
    marks_in_a_row = 0
    for character in unicodedata.normalize("NFC", text[:_MAX_RAW_CHARS]):
        category = unicodedata.category(character)
        marks_in_a_row = marks_in_a_row + 1 if category in {"Mn", "Me"} else 0
        if character.isspace():
            kept.append(" ")
        elif marks_in_a_row > _MAX_MARKS_IN_A_ROW:
            continue
        elif category not in _DROPPED_CATEGORIES or character in _JOINERS:
            kept.append(character)
    line = " ".join("".join(kept).split())
    if len(line) > _MAX_CHARS:
        line = line[: _MAX_CHARS - 1].rstrip() + _ELLIPSIS
    is_visible = any(unicodedata.category(character)[0] in "LNPS" for character in line)
    return line if is_visible else _NOTHING


@dataclass(slots=True)
class Pen:
    """Writes on one picture, with fonts of its own: FreeType faces are not for several threads."""

    paper: Image.Image
    _fonts: dict[tuple[Path, int], ImageFont.FreeTypeFont] = field(
        default_factory=dict[tuple[Path, int], ImageFont.FreeTypeFont]
    )

    def write(self, text: str, box: Box, fit: Fit) -> None:
        """Write a text into a box and never outside: smaller, wrapped and at last shortened."""
        font, lines = self._fitted(printable(text), box, fit)
        step = round(font.size * _LINE_HEIGHT)
        # A sheet of its own cuts off whatever a tall letter would do to the line above.
        sheet = Image.new("1", (box.width, box.height), 1)
        drawing = ImageDraw.Draw(sheet)
        drawing.fontmode = "1"
        top = (box.height - step * len(lines)) / 2
        for row, line in enumerate(lines):
            spare = box.width - font.getlength(line)
            left = {"left": 0.0, "centre": spare / 2, "right": spare}[fit.align]
            baseline = top + step * row + font.size * 0.93
            drawing.text(
                (round(max(left, 0)), round(baseline)), line, fill=0, font=font, anchor="ls"
            )
        self.paper.paste(sheet, (box.left, box.top))

    def _fitted(self, text: str, box: Box, fit: Fit) -> tuple[ImageFont.FreeTypeFont, list[str]]:
        """Return the largest font at which the text fits, and its lines."""
        size = fit.size
        while True:
            font = self._font(size, is_bold=fit.is_bold)
            room = max(1, min(fit.lines, box.height // round(size * _LINE_HEIGHT)))
            lines = _wrapped(text, font, box.width)
            if len(lines) <= room and all(font.getlength(line) <= box.width for line in lines):
                return font, lines
            if size <= fit.least:
                return font, _cut(_broken(lines, font, box.width), room, font, box.width)
            size = max(fit.least, int(size * _STEP))

    def _font(self, size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont:
        key = (_BOLD if is_bold else _REGULAR, size)
        if key not in self._fonts:
            self._fonts[key] = ImageFont.truetype(key[0], size)
        return self._fonts[key]


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return lines broken at spaces; a single word may still be too wide."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _broken(lines: list[str], font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return the lines, with words that are wider than the box broken anywhere."""
    narrow: list[str] = []
    for line in lines:
        rest = line
        while rest:
            count = _fitting_count(rest, font, width)
            narrow.append(rest[:count])
            rest = rest[count:]
    return narrow


def _cut(lines: list[str], room: int, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return at most `room` lines; an ellipsis shows that there was more."""
    if len(lines) <= room:
        return lines
    last = f"{lines[room - 1]} {lines[room]}"
    count = _fitting_count(last, font, width - font.getlength(_ELLIPSIS))
    return [*lines[: room - 1], last[:count].rstrip() + _ELLIPSIS]


def _fitting_count(text: str, font: ImageFont.FreeTypeFont, width: float) -> int:
    """Return how many characters of the beginning fit into the width, at least one."""
    fits, too_many = 1, len(text) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if font.getlength(text[:middle]) <= width:
            fits = middle
        else:
            too_many = middle
    return fits
