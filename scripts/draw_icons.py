"""Draw the app icons into static/icons/; run `python scripts/draw_icons.py` after a change.

The mark is an M that is a route: it starts at a ring (the store) and ends at a disc (the door).
The driver's app stands on green, the desk's on ink, so that both can lie on one home screen.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

Point = tuple[float, float]

GREEN: Final = "#0B6B4B"
INK: Final = "#14202B"
WHITE: Final = "#FFFFFF"
GROUNDS: Final = {"driver": GREEN, "desk": INK}

#: Corners of the M as parts of the icon's side, from the ring to the disc.
ROUTE: Final[tuple[Point, ...]] = (
    (0.26, 0.70),
    (0.26, 0.32),
    (0.50, 0.58),
    (0.74, 0.32),
    (0.74, 0.70),
)
STROKE: Final = 0.095
END_RADIUS: Final = 0.095
RING_HOLE: Final = 0.045
CORNER: Final = 0.22
#: A maskable icon's mark lies within the inner circle of 80 %, whatever shape the phone cuts.
MASKABLE_SCALE: Final = 0.80
#: Drawn this much larger and then shrunk: Pillow's lines have hard edges.
OVERSAMPLING: Final = 4

FOLDER: Final = Path(__file__).resolve().parent.parent / "static" / "icons"


def main() -> None:
    """Write all icons."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for app, ground in GROUNDS.items():
        for side in (192, 512):
            save(draw(side, ground, corner=CORNER, scale=1), f"{app}-{side}.png")
        save(draw(512, ground, corner=0, scale=MASKABLE_SCALE), f"{app}-maskable-512.png")
        save(draw(180, ground, corner=0, scale=0.9), f"{app}-touch-180.png")
    save(draw(32, GREEN, corner=CORNER, scale=1.15), "favicon-32.png")
    (FOLDER / "favicon.svg").write_text(as_svg(GREEN), encoding="utf-8")
    draw(48, GREEN, corner=CORNER, scale=1.1).save(
        FOLDER / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)]
    )


def draw(side: int, ground: str, *, corner: float, scale: float) -> Image.Image:
    """Draw the mark in white; `corner` is a part of the side, `scale` of the mark's own size."""
    large = side * OVERSAMPLING
    icon = Image.new("RGBA", (large, large))
    pen = ImageDraw.Draw(icon)
    pen.rounded_rectangle((0, 0, large - 1, large - 1), radius=corner * large, fill=ground)
    points = [around_centre(point, scale, large) for point in ROUTE]
    width = STROKE * scale * large
    pen.line(points, fill=WHITE, width=round(width))
    for point in points:
        disc(pen, point, width / 2, WHITE)
    for point in (points[0], points[-1]):
        disc(pen, point, END_RADIUS * scale * large, WHITE)
    disc(pen, points[0], RING_HOLE * scale * large, ground)
    return icon.resize((side, side), Image.Resampling.LANCZOS)


def around_centre(point: Point, scale: float, side: float) -> Point:
    """Scale a point about the middle of the icon and turn it into pixels."""
    x, y = point
    return ((x - 0.5) * scale + 0.5) * side, ((y - 0.5) * scale + 0.5) * side


def disc(pen: ImageDraw.ImageDraw, centre: Point, radius: float, fill: str) -> None:
    """Fill a disc."""
    x, y = centre
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def as_svg(ground: str) -> str:
    """Write the same mark as a drawing for browsers that scale it themselves."""
    route = " ".join(f"{x * 100:g},{y * 100:g}" for x, y in ROUTE)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" rx="{CORNER * 100:g}" fill="{ground}"/>'
        f'<polyline points="{route}" fill="none" stroke="{WHITE}" stroke-linejoin="round"'
        f' stroke-width="{STROKE * 100:g}"/>'
        f"{svg_disc(ROUTE[0], END_RADIUS, WHITE)}{svg_disc(ROUTE[0], RING_HOLE, ground)}"
        f"{svg_disc(ROUTE[-1], END_RADIUS, WHITE)}</svg>\n"
    )


def svg_disc(centre: Point, radius: float, fill: str) -> str:
    """Write a disc in the drawing's hundredths."""
    x, y = centre
    return f'<circle cx="{x * 100:g}" cy="{y * 100:g}" r="{radius * 100:g}" fill="{fill}"/>'


def save(icon: Image.Image, name: str) -> None:
    """Write one icon as a small PNG."""
    icon.save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
