"""A PDF of black-and-white pages, one picture a page: all that label printers need.

Written by hand because Pillow keeps every page unpacked in memory (one byte a pixel) and stamps the
time into the file; here a page is let go once written, and the same labels give the same bytes.
"""

import zlib
from collections.abc import Iterable
from typing import Final

from PIL import Image

#: PDF's unit: 72 points are one inch.
POINTS_PER_INCH: Final = 72

_CATALOG_NUMBER: Final = 1
_TREE_NUMBER: Final = 2
_FIRST_PAGE_NUMBER: Final = 3
_OBJECTS_PER_PAGE: Final = 3


def pages_pdf(pages: Iterable[Image.Image], *, dots_per_inch: int) -> bytes:
    """Return a PDF with one page per picture, each as large as the picture is at `dots_per_inch`.

    Args:
        pages: Pictures of mode `1` (black and white), at least one; they are taken one by one.
        dots_per_inch: Pixels of the pictures that make an inch of paper.

    Raises:
        ValueError: When there is no page, or one is not of mode `1`.

    Source:
        ISO 32000-1, 7.5 (file structure) and 8.9.5 (image dictionaries).
    """
    objects: list[bytes] = []
    for page in pages:
        objects += _page_objects(page, dots_per_inch, number=_FIRST_PAGE_NUMBER + len(objects))
    if not objects:
        raise ValueError("A PDF has at least one page.")
    page_numbers = range(_FIRST_PAGE_NUMBER, _FIRST_PAGE_NUMBER + len(objects), _OBJECTS_PER_PAGE)
    kids = b" ".join(b"%d 0 R" % number for number in page_numbers)
    catalog = b"<</Type/Catalog/Pages %d 0 R>>" % _TREE_NUMBER
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(page_numbers))
    return _file([catalog, tree, *objects])


def _page_objects(page: Image.Image, dots_per_inch: int, *, number: int) -> list[bytes]:
    """Return the page, which gets the object number `number`, its instructions and its picture."""
    if page.mode != "1":
        raise ValueError(f"A page is black and white (mode 1), not {page.mode}.")
    width, height = (side * POINTS_PER_INCH / dots_per_inch for side in page.size)
    leaf = (
        b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]"
        b"/Resources<</XObject<</Picture %d 0 R>>>>/Contents %d 0 R>>"
    ) % (_TREE_NUMBER, width, height, number + 2, number + 1)
    instructions = b"q %.2f 0 0 %.2f 0 0 cm /Picture Do Q" % (width, height)
    picture = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray" % page.size
    picture += b"/BitsPerComponent 1/Filter/FlateDecode"
    return [leaf, _stream(b"", instructions), _stream(picture, zlib.compress(page.tobytes(), 9))]


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _file(objects: list[bytes]) -> bytes:
    """Number the objects from 1 and add the table of their byte offsets that readers start from."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<</Size %d/Root %d 0 R>>\n" % (len(objects) + 1, _CATALOG_NUMBER)
    out += b"startxref\n%d\n%%%%EOF\n" % table_at
    return bytes(out)
