"""Portraits of the demo's drivers, drawn from flat shapes: nobody's photo, the same every time."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

SIDE_PX: Final = 256

# Drawn four times larger and then reduced, because Pillow's shapes have no smooth edges.
_ZOOM: Final = 4

_FONT: Final = Path(__file__).parent.parent / "fonts" / "DejaVuSansCondensed-Bold.ttf"
_GROUNDS: Final = ("#CFE5DA", "#F6DFC2", "#D5DFF3", "#F3D6D2", "#E4DCF0", "#D6E8EC", "#EFE6B8")
_SHIRTS: Final = ("#0B6B4B", "#1A56C4", "#8A4B00", "#7A2E5D", "#2F4858", "#B3261E")
_SKINS: Final = ("#F3CDB0", "#E4B08A", "#C88E65", "#A26A45", "#7A4A2E", "#5A3523")
_HAIRS: Final = ("#1E1A19", "#4A2F20", "#8A5A2B", "#C99A4B", "#9AA0A6", "#A0452A")
HAIR_CUTS: Final = ("short", "long", "curls", "bun", "cap", "bald")


@dataclass(frozen=True, slots=True)
class Looks:
    """What tells one portrait from another: colours as `#RRGGBB`, `hair_cut` one of `HAIR_CUTS`."""

    ground: str
    shirt: str
    skin: str
    hair: str
    hair_cut: str
    has_glasses: bool
    has_beard: bool


def portrait_png(name: str, looks: Looks | None = None) -> bytes:
    """Return a friendly invented face as PNG, `SIDE_PX` square.

    Args:
        name: The driver's name; its initials stand on the shirt.
        looks: Colours and hair; without them the name decides, always in the same way.
    """
    side = SIDE_PX * _ZOOM
    looks = looks or looks_of(name)
    picture = Image.new("RGB", (side, side), looks.ground)
    brush = _Brush(ImageDraw.Draw(picture))
    _draw_hair_behind(brush, looks)
    _draw_body(brush, looks, _initials(name))
    _draw_face(brush, looks)
    _draw_hair(brush, looks)
    out = BytesIO()
    picture.reduce(_ZOOM).quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def looks_of(name: str) -> Looks:
    """Return the looks that a name gives by chance, but always the same."""
    dice = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    hair_cut = HAIR_CUTS[dice[4] % len(HAIR_CUTS)]
    return Looks(
        ground=_GROUNDS[dice[0] % len(_GROUNDS)],
        shirt=_SHIRTS[dice[1] % len(_SHIRTS)],
        skin=_SKINS[dice[2] % len(_SKINS)],
        hair=_HAIRS[dice[3] % len(_HAIRS)],
        hair_cut=hair_cut,
        has_glasses=dice[5] % 3 == 0,
        has_beard=hair_cut in {"short", "cap", "bald"} and dice[6] % 2 == 0,
    )


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


@dataclass(frozen=True, slots=True)
class _Brush:
    """Draws in pixels of the finished portrait; boxes are left, top, right, bottom."""

    draw: ImageDraw.ImageDraw

    def ellipse(self, box: tuple[float, float, float, float], fill: str) -> None:
        self.draw.ellipse([_ZOOM * edge for edge in box], fill=fill)

    def ring(self, box: tuple[float, float, float, float], fill: str, width: float) -> None:
        self.draw.ellipse([_ZOOM * edge for edge in box], outline=fill, width=round(_ZOOM * width))

    def slab(self, box: tuple[float, float, float, float], fill: str, radius: float) -> None:
        self.draw.rounded_rectangle([_ZOOM * edge for edge in box], _ZOOM * radius, fill)

    def pie(
        self, box: tuple[float, float, float, float], fill: str, *, start: int, end: int
    ) -> None:
        self.draw.pieslice([_ZOOM * edge for edge in box], start, end, fill)

    def arc(
        self, box: tuple[float, float, float, float], fill: str, *, start: int, end: int
    ) -> None:
        self.draw.arc([_ZOOM * edge for edge in box], start, end, fill, width=4 * _ZOOM)

    def text(self, at: tuple[float, float], text: str, fill: str, size: int) -> None:
        font = ImageFont.truetype(_FONT, size * _ZOOM)
        self.draw.text((at[0] * _ZOOM, at[1] * _ZOOM), text, fill, font, anchor="mm")


def _draw_hair_behind(brush: _Brush, looks: Looks) -> None:
    if looks.hair_cut == "long":
        brush.slab((66, 56, 190, 200), looks.hair, 58)
    elif looks.hair_cut == "bun":
        brush.ellipse((102, 12, 154, 64), looks.hair)


def _draw_body(brush: _Brush, looks: Looks, initials: str) -> None:
    brush.slab((36, 194, 220, 330), looks.shirt, 62)
    brush.slab((106, 150, 150, 222), looks.skin, 22)
    brush.text((176, 234), initials, "#FFFFFF", 22)


def _draw_face(brush: _Brush, looks: Looks) -> None:
    ink = "#14202B"
    brush.ellipse((66, 104, 90, 136), looks.skin)
    brush.ellipse((166, 104, 190, 136), looks.skin)
    brush.slab((76, 50, 180, 178), looks.skin, 52)
    if looks.has_beard:
        brush.pie((76, 74, 180, 180), looks.hair, start=8, end=172)
        brush.ellipse((104, 134, 152, 162), looks.skin)
    for centre in (104, 152):
        brush.ellipse((centre - 6, 108, centre + 6, 122), ink)
        brush.ellipse((centre - 1, 110, centre + 4, 115), "#FFFFFF")
        if looks.has_glasses:
            brush.ring((centre - 20, 95, centre + 20, 135), ink, 4)
    if looks.has_glasses:
        brush.arc((120, 106, 136, 122), ink, start=200, end=340)
    brush.arc((106, 124, 150, 156), ink, start=25, end=155)


def _draw_hair(brush: _Brush, looks: Looks) -> None:
    if looks.hair_cut == "cap":
        brush.pie((72, 36, 184, 148), looks.shirt, start=180, end=360)
        brush.slab((66, 84, 206, 96), looks.shirt, 6)
    elif looks.hair_cut == "curls":
        for left, top in ((62, 62), (76, 40), (102, 30), (130, 32), (154, 46), (166, 66)):
            brush.ellipse((left, top, left + 46, top + 46), looks.hair)
    elif looks.hair_cut in {"long", "bun", "short"}:
        brush.pie((74, 38, 182, 142), looks.hair, start=180, end=360)
        if looks.hair_cut == "short":
            brush.slab((74, 84, 86, 112), looks.hair, 5)
            brush.slab((170, 84, 182, 112), looks.hair, 5)
