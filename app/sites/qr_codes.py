"""QR codes, drawn as SVG for pages and as pixels for labels.

Both are ISO/IEC 18004 at error correction M. Texts of our own (`MP1:` and Base45) fit the
alphanumeric mode, which needs 5.5 bits a character instead of 8: fewer and larger modules.
"""

import re
from itertools import groupby
from typing import Final

from markupsafe import Markup
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.base import BaseImage
from qrcode.main import QRCode
from qrcode.util import QRData

#: Modules of white around a code; fewer than four break the standard and some scanners.
QUIET_MODULES: Final = 4

#: What our own scanners accept at most, in characters; a longer text is a programming mistake.
MAX_TEXT_CHARS: Final = 600

# Choosing the best of the eight masks takes four fifths of the drawing time (22 ms against 5 ms).
# Ours are signatures and random handles, which look like noise under any mask; tests decode every
# kind of code.
_FIXED_MASK: Final = 0

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# `fill` is an attribute, not a style: the pages' content security policy refuses inline styles. The
# white ground belongs to the code, because scanners fail on light modules over a dark page.
_SVG: Final = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
    'shape-rendering="crispEdges" {role}>{title}'
    '<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
    '<path fill="#000" d="{dark}"/></svg>'
)


def qr_svg(text: str, *, title: str = "", border: int = QUIET_MODULES) -> Markup:
    """Draw a code as an SVG element that may stand in a page as it is.

    Args:
        text: What scanning the code gives back.
        title: What a screen reader says; without it the code is hidden from screen readers.
        border: White modules on each side.

    Returns:
        Safe markup (a `str`): one module is one user unit, the size is left to the page's CSS.

    Raises:
        ValueError: When `text` is empty or longer than `MAX_TEXT_CHARS`.
    """
    matrix = _modules(text)
    return _SVG.format(
        side=len(matrix) + 2 * border,
        role=Markup('role="img"') if title else Markup('aria-hidden="true"'),
        title=Markup("<title>{}</title>").format(_NOT_XML.sub("", title)) if title else "",
        dark="".join(_dark_strokes(matrix, border)),
    )


def qr_image(text: str, *, box: int, border: int = QUIET_MODULES) -> Image.Image:
    """Draw a code in black and white, `box` pixels a module (mode `1`).

    Raises:
        ValueError: When `text` is empty or longer than `MAX_TEXT_CHARS`.
    """
    matrix = _modules(text)
    side = (len(matrix) + 2 * border) * box
    quiet_side, quiet_end = b"\xff" * border * box, b"\xff" * side * border * box
    rows = (
        (quiet_side + b"".join((b"\xff", b"\0")[is_dark] * box for is_dark in row) + quiet_side)
        * box
        for row in matrix
    )
    pixels = quiet_end + b"".join(rows) + quiet_end
    return Image.frombytes("L", (side, side), pixels).convert("1")


def _modules(text: str) -> list[list[bool]]:
    """Return the rows of a code, true where it is dark."""
    if not 0 < len(text) <= MAX_TEXT_CHARS:
        raise ValueError(f"A code holds 1 to {MAX_TEXT_CHARS} characters, not {len(text)}.")
    code = QRCode(
        error_correction=ERROR_CORRECT_M, mask_pattern=_FIXED_MASK, image_factory=BaseImage
    )
    # One piece in the densest mode that fits all of it; splitting ours would gain nothing.
    code.add_data(QRData(text.encode()), optimize=0)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def _dark_strokes(matrix: list[list[bool]], border: int) -> list[str]:
    """Return one rectangle per horizontal run of dark modules, as SVG path commands."""
    strokes: list[str] = []
    for row, dark_modules in enumerate(matrix, start=border):
        column = border
        for is_dark, run in groupby(dark_modules):
            width = len(list(run))
            if is_dark:
                strokes.append(f"M{column} {row}h{width}v1h-{width}z")
            column += width
    return strokes
