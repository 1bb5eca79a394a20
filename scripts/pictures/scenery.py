"""What the cameras see that is on nobody's screen."""

import io

from PIL import Image, ImageDraw


def wrong_code() -> Image.Image:
    """Return what some drivers scan first: the code of a web address."""
    import qrcode  # noqa: PLC0415 - Only this picture needs it.

    drawn = io.BytesIO()
    qrcode.make("https://shop.example/menu").save(drawn)
    return Image.open(drawn)


def picture_of_door() -> bytes:
    """Draw a door with two parcels before it."""
    picture = Image.new("RGB", (1200, 1600), "#b9aa96")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 1250, 1200, 1600), fill="#8d8478")
    draw.rectangle((340, 250, 860, 1250), fill="#2f5d50", outline="#f2f0ea", width=24)
    draw.ellipse((770, 730, 820, 780), fill="#d9c27a")
    draw.rectangle((250, 1120, 560, 1400), fill="#c79a62", outline="#8a6a40", width=6)
    draw.rectangle((520, 1230, 780, 1430), fill="#d3aa74", outline="#8a6a40", width=6)
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=85)
    return made.getvalue()
