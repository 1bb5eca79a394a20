"""The photo a simulated driver takes: parcels before a door, drawn, nobody's home."""

from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from app.handoffs.photos import Photo, read_photo

_SIZE: Final = (960, 720)
_WALL, _DOOR, _FRAME, _KNOB = "#D9CFC0", "#2F5D62", "#F4EFE6", "#D9A441"
_MAT, _FLOOR, _BOX, _TAPE = "#6B4F3A", "#B9AFA3", "#C49A6C", "#E8D3B0"
_PARCELS_SHOWN: Final = 4


@cache
def doorstep_photo(parcel_count: int) -> Photo:
    """Return the photo of a doorstep with this many parcels, as it is kept after an upload."""
    picture = Image.new("RGB", _SIZE, _WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, 960, 720), fill=_FLOOR)
    draw.rectangle((330, 60, 640, 560), fill=_FRAME)
    draw.rectangle((350, 80, 620, 560), fill=_DOOR)
    draw.ellipse((574, 320, 602, 348), fill=_KNOB)
    draw.rectangle((320, 580, 650, 640), fill=_MAT)
    for number in range(min(parcel_count, _PARCELS_SHOWN)):
        left, top = 660 - 40 * (number % 2) + 70 * (number // 2), 470 - 90 * (number // 2)
        left += 150 * (number % 2)
        draw.rectangle((left, top, left + 140, top + 130), fill=_BOX, outline=_MAT, width=3)
        draw.rectangle((left + 58, top, left + 82, top + 130), fill=_TAPE)
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return read_photo(out.getvalue())
