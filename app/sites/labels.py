"""Parcel labels, 4×6 inches, for label printers (PDF) and for a look on the screen (PNG).

A label is read by a clerk, a driver and, lying in a hallway, by anybody: it names the recipient's
first name and area, never the street or the phone number. Black and white only, because thermal
printers know nothing else; module edges and hinted letters fall on whole dots.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from app.sites.label_text import Box, Fit, Pen
from app.sites.pdf_pages import pages_pdf
from app.sites.qr_codes import qr_image

#: The resolution of common label printers: 8 dots a millimetre.
DOTS_PER_INCH: Final = 203
WIDTH_PX: Final = 4 * DOTS_PER_INCH
HEIGHT_PX: Final = 6 * DOTS_PER_INCH

# Six millimetres: what printers leave white, and the four quiet modules of the code on the left
# edge.
_MARGIN: Final = 48
_INNER: Final = WIDTH_PX - 2 * _MARGIN
_RULE_HEIGHT: Final = 4

# The code's square, 55 mm with its white border: 12 dots a module for an `L` token (29 modules and
# 8 of border).
_CODE_SIDE: Final = 444
_CODE_LEFT: Final = 0
_CODE_TOP: Final = 550
_RIGHT: Final = _CODE_LEFT + _CODE_SIDE + 12
_RIGHT_WIDTH: Final = WIDTH_PX - _MARGIN - _RIGHT

_CAPTION: Final = Fit(size=28, least=20)


@dataclass(frozen=True, slots=True)
class LabelWords:
    """The fixed words of a label in the store's language; the caller translates them."""

    recipient: str = "For"
    parcel: str = "Parcel"
    window: str = "Deliver"
    short_code: str = "Code"
    reference: str = "Order"
    created: str = "Printed"


@dataclass(frozen=True, slots=True)
class Label:
    """What one parcel's label says, in words as printed; `code_text` is the `L` token (`MP1:…`)."""

    store_name: str
    site_name: str
    recipient_first_name: str
    area: str
    parcel_no: int
    parcel_of: int
    code_text: str
    readable_code: str
    merchant_ref: str
    window_text: str
    created_text: str


ENGLISH_WORDS: Final = LabelWords()


def label_png(label: Label, words: LabelWords = ENGLISH_WORDS) -> bytes:
    """Return a label as PNG, `WIDTH_PX` by `HEIGHT_PX`; any text is made to fit."""
    out = BytesIO()
    _draw(label, words).save(out, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return out.getvalue()


def labels_pdf(labels: Iterable[Label], words: LabelWords = ENGLISH_WORDS) -> bytes:
    """Return a PDF with one 4×6 inch page per label, in their order.

    Raises:
        ValueError: When there is no label.
    """
    return pages_pdf((_draw(label, words) for label in labels), dots_per_inch=DOTS_PER_INCH)


def _draw(label: Label, words: LabelWords) -> Image.Image:
    """Draw a label from top to bottom: who sends, who gets it, the code, the small print."""
    paper = Image.new("1", (WIDTH_PX, HEIGHT_PX), 1)
    pen = Pen(paper)
    _draw_sender(pen, label)
    _draw_recipient(pen, label, words)
    _draw_code(pen, label, words)
    _draw_small_print(pen, label, words)
    return paper


def _draw_sender(pen: Pen, label: Label) -> None:
    pen.write(
        label.store_name,
        Box(_MARGIN, 32, _INNER, 112),
        Fit(size=84, least=40, lines=2, is_bold=True),
    )
    pen.write(label.site_name, Box(_MARGIN, 146, _INNER, 52), Fit(size=38, least=28))
    _rule(pen, top=212)


def _draw_recipient(pen: Pen, label: Label, words: LabelWords) -> None:
    pen.write(words.recipient, Box(_MARGIN, 232, _INNER, 40), _CAPTION)
    pen.write(
        label.recipient_first_name,
        Box(_MARGIN, 270, _INNER, 168),
        Fit(size=140, least=56, lines=2, is_bold=True),
    )
    pen.write(label.area, Box(_MARGIN, 442, _INNER, 80), Fit(size=56, least=32, lines=2))
    _rule(pen, top=542)


def _draw_code(pen: Pen, label: Label, words: LabelWords) -> None:
    """Draw the code on the left, the parcel's number and its window on the right."""
    code = qr_image(label.code_text, box=1)
    box = _CODE_SIDE // code.width
    code = ImageOps.scale(code, box, Image.Resampling.NEAREST)
    spare = (_CODE_SIDE - code.width) // 2
    pen.paper.paste(code, (_CODE_LEFT + spare, _CODE_TOP + spare))

    pen.write(words.parcel, Box(_RIGHT, _CODE_TOP + 36, _RIGHT_WIDTH, 40), _CAPTION)
    pen.write(
        f"{label.parcel_no} / {label.parcel_of}",
        Box(_RIGHT, _CODE_TOP + 70, _RIGHT_WIDTH, 156),
        Fit(size=136, least=56, is_bold=True),
    )
    pen.write(words.window, Box(_RIGHT, _CODE_TOP + 248, _RIGHT_WIDTH, 40), _CAPTION)
    pen.write(
        label.window_text,
        Box(_RIGHT, _CODE_TOP + 286, _RIGHT_WIDTH, 124),
        Fit(size=50, least=30, lines=3, is_bold=True),
    )


def _draw_small_print(pen: Pen, label: Label, words: LabelWords) -> None:
    _rule(pen, top=998)
    half = _INNER // 2 - 12
    right = WIDTH_PX - _MARGIN - half
    pen.write(words.short_code, Box(_MARGIN, 1014, half, 40), _CAPTION)
    pen.write(
        label.readable_code,
        Box(_MARGIN, 1052, half, 76),
        Fit(size=64, least=32, is_bold=True),
    )
    pen.write(words.reference, Box(right, 1014, half, 40), _CAPTION)
    pen.write(
        label.merchant_ref,
        Box(right, 1052, half, 76),
        Fit(size=44, least=26, lines=2, is_bold=True),
    )
    pen.write(
        f"{words.created} {label.created_text}",
        Box(_MARGIN, 1140, _INNER, 44),
        Fit(size=28, least=22),
    )


def _rule(pen: Pen, *, top: int) -> None:
    box = (_MARGIN, top, WIDTH_PX - _MARGIN - 1, top + _RULE_HEIGHT - 1)
    ImageDraw.Draw(pen.paper).rectangle(box, fill=0)
