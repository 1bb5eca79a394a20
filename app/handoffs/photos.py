"""Photos taken as proof: from untrusted bytes to a small clean JPEG.

Whatever was sent is only ever read by the three parsers named here, and only its pixels go on: the
stored file is drawn from a fresh canvas, so that no metadata (place, camera serial), second picture
or hidden page survives. Decoding may take half a second of CPU: call it outside the event loop.
Nothing here keeps state between calls.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from PIL import Image

from app.domain.errors import DomainError

#: The longest file taken, in bytes. A phone's photo has 2 to 6 MB.
MAX_FILE_BYTES: Final = 12 * 1024 * 1024

#: The most pixels decoded. 20 kB of PNG can unpack to 169 million, which Pillow only warns about.
MAX_PIXELS: Final = 40_000_000

#: The longer side of what is kept, in pixels: enough to read a house number.
MAX_SIDE_PX: Final = 1600

_JPEG_QUALITY: Final = 82
_ORIENTATION_TAG: Final = 0x0112

# EXIF 2.32, table "Orientation": what was done to the picture, and hence how to undo it.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What Pillow's parsers raise on damaged or hostile files; found by feeding them mutated pictures.
_PARSER_FAULTS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    EOFError,
    MemoryError,
    RuntimeError,
    Warning,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Photo:
    """A cleaned photo: the JPEG as stored, its size in pixels, the SHA-256 for its event."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    sha256_hex: str
    #: Of the file as it came, before it was drawn anew.
    uploaded_sha256: str


def read_photo(raw: bytes) -> Photo:
    """Read a picture from an untrusted device and draw it anew.

    Args:
        raw: The uploaded file; its name and declared type are not looked at.

    Returns:
        An upright RGB JPEG without metadata, at most `MAX_SIDE_PX` on its longer side.

    Raises:
        DomainError: `photo_empty` without bytes; `photo_too_large` above `MAX_FILE_BYTES` or
            `MAX_PIXELS`; `photo_unreadable` when it is not one still JPEG, PNG or WebP picture,
            or is damaged.

    Source:
        OWASP ASVS 5.0, 5.2.1, 5.2.2 and 5.2.6 (size, content, pixel flood), 14.2.8 (metadata).
    """
    if not raw:
        raise DomainError("photo_empty")
    if len(raw) > MAX_FILE_BYTES:
        raise DomainError("photo_too_large")
    kind = _kind(raw)
    if kind is None:
        raise DomainError("photo_unreadable")
    try:
        with Image.open(BytesIO(raw), formats=(kind,)) as picture:
            return _encoded(_fresh_copy(picture, kind), raw)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise DomainError("photo_too_large") from bomb
    except _PARSER_FAULTS as fault:
        raise DomainError("photo_unreadable") from fault


def _kind(raw: bytes) -> str | None:
    """Return Pillow's name of the format that the first bytes announce, or None for all others."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "WEBP"
    return None


def _fresh_copy(picture: Image.Image, kind: str) -> Image.Image:
    """Return the picture's pixels, small and upright, on a white canvas that has nothing else."""
    # Pillow only warns up to 179 million pixels, and making its warnings errors would swap a list
    # that all threads of the process share. Only the header has been read so far.
    if picture.width * picture.height > MAX_PIXELS:
        raise DomainError("photo_too_large")
    # Many phones append a depth map or an HDR gain map to a JPEG as a second picture: not an
    # animation.
    if kind != "JPEG" and getattr(picture, "n_frames", 1) > 1:
        raise DomainError("photo_unreadable")
    # JPEG can decode at 1/2, 1/4 or 1/8 of its size, which saves most of the work; others ignore
    # this.
    picture.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
    picture.load()
    turn = _UPRIGHT.get(_orientation(picture))

    pixels = _with_plain_colours(picture)
    pixels.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.LANCZOS)
    if turn is not None:
        pixels = pixels.transpose(turn)
    canvas = Image.new("RGB", pixels.size, "white")
    canvas.paste(pixels, mask=pixels if pixels.mode == "RGBA" else None)
    return canvas


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation, 1 (upright) when it is missing or cannot be read."""
    try:
        found = picture.getexif().get(_ORIENTATION_TAG, 1)
    except _PARSER_FAULTS:
        return 1
    return found if isinstance(found, int) else 1


def _with_plain_colours(picture: Image.Image) -> Image.Image:
    """Return the picture as RGB, or as RGBA when parts may be transparent."""
    if picture.mode.startswith("I"):
        # Sixteen bits a pixel: a plain conversion would clip all but the darkest tones to white.
        wide = picture.convert("I")
        picture = wide.point(lambda tone: tone / 256).convert("L")  # pyright: ignore[reportUnknownMemberType]
    wanted = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)


def _encoded(canvas: Image.Image, content: bytes) -> Photo:
    out = BytesIO()
    canvas.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True, exif=b"")
    jpeg = out.getvalue()
    return Photo(
        jpeg,
        canvas.width,
        canvas.height,
        hashlib.sha256(jpeg).hexdigest(),
        hashlib.sha256(content).hexdigest(),
    )
