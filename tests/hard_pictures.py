"""Pictures of real codes as a hurried camera sees them: the same ones from the same seed.

Each is a frame of 1280 by 720 with a tablet or a phone that shows one code. Eight kinds take turns;
inside a kind the flaws grow from easy to as hard as a person would still expect to work. The codes
are P, R and C with true signatures. Nothing here depends on how anybody's decoder works.
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.domain.tokens import (
    NO_ANCHOR,
    CustomerCode,
    Presence,
    Release,
    ReleasedDelivery,
    Token,
    encode,
    signed_bytes,
)
from app.sites.qr_codes import QUIET_MODULES, qr_image

FRAME: Final = (1280, 720)
#: Drawn larger and shrunk, as a lens averages over a pixel.
_OVERSAMPLE: Final = 2
#: Pixels between lens and sensor: about 60 degrees across, as in phones.
_FOCAL_PX: Final = 1_100
_SEED: Final = 20_261

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Flaws:
    """What is wrong with one picture.

    Attributes:
        module_px: Pixels a module takes in the frame, before any tilt.
        roll_deg: Turn in the picture's plane.
        tilt_deg: How far the screen leans away, around an axis at `axis_deg` in its plane.
        blur: Radius of a soft focus, in modules.
        smear: Length of a movement during the exposure, in modules.
        light: Grey levels between the code's black and white, of 255.
        noise: Grey levels by which a pixel strays.
        glare: Grey levels that a lamp's reflection adds in its middle.
        covered: Share of the code's area under a finger or a sticker, never on a finder pattern.
    """

    module_px: float = 6.0
    roll_deg: float = 0.0
    tilt_deg: float = 0.0
    axis_deg: float = 0.0
    blur: float = 0.08
    smear: float = 0.0
    light: float = 190.0
    noise: float = 3.0
    glare: float = 0.0
    covered: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame and the text that is in it."""

    name: str
    text: str
    frame: Image.Image


def hard_pictures(count: int, seed: int = _SEED) -> Iterator[Picture]:
    """Yield pictures, kind after kind, each kind from easy to hard.

    Args:
        count: How many; a multiple of eight shows every kind equally often.
        seed: The same seed gives the same pixels.
    """
    kinds = tuple(_KINDS.items())
    levels = max(1, count // len(kinds) - 1)
    for at in range(count):
        name, flaw = kinds[at % len(kinds)]
        level = at // len(kinds)
        chance = random.Random(f"{seed} {at}")  # noqa: S311 - Pictures, not secrets.
        text = _code(chance)
        flaws = flaw(chance, min(1.0, level / levels))
        yield Picture(f"{name}_{level + 1}", text, _photograph(text, flaws, chance))


# --- What goes wrong. `far` runs from 0 (easy) to 1 (hard).


def _turned(chance: random.Random, far: float) -> Flaws:
    roll, axis = chance.uniform(0, 360), chance.uniform(0, 360)
    return Flaws(roll_deg=roll, tilt_deg=20 + 32 * far, axis_deg=axis)


def _blurred(_: random.Random, far: float) -> Flaws:
    return Flaws(blur=0.35 + 0.4 * far)


def _smeared(chance: random.Random, far: float) -> Flaws:
    return Flaws(smear=0.7 + 0.8 * far, roll_deg=chance.uniform(0, 360), blur=0.2)


def _dim(_: random.Random, far: float) -> Flaws:
    return Flaws(light=60 - 44 * far, noise=5 + 2 * far)


def _small(chance: random.Random, far: float) -> Flaws:
    return Flaws(module_px=3.2 - 1.3 * far, roll_deg=chance.uniform(-12, 12))


def _glaring(chance: random.Random, far: float) -> Flaws:
    return Flaws(glare=120 + 220 * far, roll_deg=chance.uniform(-20, 20))


def _covered(chance: random.Random, far: float) -> Flaws:
    return Flaws(covered=0.02 + 0.06 * far, roll_deg=chance.uniform(-15, 15))


def _mixed(chance: random.Random, far: float) -> Flaws:
    """Return two or three milder flaws at once."""
    flaws = Flaws(
        module_px=chance.uniform(3.2, 5.0),
        roll_deg=chance.uniform(0, 360),
        tilt_deg=chance.uniform(10, 22 + 12 * far),
        axis_deg=chance.uniform(0, 360),
    )
    extra: tuple[Callable[[Flaws], Flaws], ...] = (
        lambda each: replace(each, blur=0.25 + 0.2 * far),
        lambda each: replace(each, light=80 - 45 * far, noise=5),
        lambda each: replace(each, glare=90 + 110 * far),
        lambda each: replace(each, smear=0.5 + 0.5 * far),
    )
    for worsen in chance.sample(extra, 2):
        flaws = worsen(flaws)
    return flaws


_KINDS: Final[dict[str, Callable[[random.Random, float], Flaws]]] = {
    "turned": _turned,
    "blurred": _blurred,
    "smeared": _smeared,
    "dim": _dim,
    "small": _small,
    "glaring": _glaring,
    "covered": _covered,
    "mixed": _mixed,
}


# --- The codes


def _code(chance: random.Random) -> str:
    """Return the text of a release (half of them), a presence or a customer's code."""
    key = ec.derive_private_key(chance.getrandbits(128) + 1, ec.SECP256R1())
    token = chance.choice((_release, _release, _presence, _customer_code))(chance)
    # Deterministic (RFC 6979), so that the same seed draws the same modules.
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(key.sign(signed_bytes(token), algorithm))
    return encode(token, r.to_bytes(32) + s.to_bytes(32))


def _release(chance: random.Random) -> Token:
    count = chance.choice((1, 1, 2, 3, 5))
    lines = (
        ReleasedDelivery(chance.randbytes(8).hex(), chance.randint(1, 4)) for _ in range(count)
    )
    who = {"clerk": chance.getrandbits(10), "driver_kid": chance.getrandbits(32)}
    return Release(
        kid=chance.getrandbits(32),
        iat=1_796_000_000 + chance.getrandbits(20),
        anchor=NO_ANCHOR,
        nonce=chance.randbytes(8),
        clerk=who["clerk"],
        driver_kid=who["driver_kid"],
        deliveries=tuple(lines),
    )


def _presence(chance: random.Random) -> Token:
    return Presence(
        kid=chance.getrandbits(32),
        iat=1_796_000_000 + chance.getrandbits(20),
        anchor=chance.randbytes(8),
        nonce=chance.randbytes(8),
        store=chance.getrandbits(10),
        ticket_set=chance.randbytes(4),
    )


def _customer_code(chance: random.Random) -> Token:
    return CustomerCode(
        kid=0xA1,
        iat=1_796_000_000 + chance.getrandbits(20),
        anchor=chance.randbytes(8),
        nonce=chance.randbytes(8),
        handle=chance.randbytes(8).hex(),
        exp=1_796_080_000,
        flags=0,
    )


# --- The camera


def _photograph(text: str, flaws: Flaws, chance: random.Random) -> Image.Image:
    """Return the frame that a camera with these flaws takes of a screen that shows the code."""
    box = max(3, round(_OVERSAMPLE * flaws.module_px))
    code = qr_image(text, box=box).convert("L")
    if flaws.covered:
        _cover(code, flaws.covered, box, chance)
    frame = _seen(_screen(code), flaws, box, chance).reduce(_OVERSAMPLE)
    if flaws.blur:
        frame = frame.filter(ImageFilter.GaussianBlur(flaws.blur * flaws.module_px))
    if flaws.smear:
        frame = _moved(frame, flaws.smear * flaws.module_px, chance.uniform(0, 180))
    return _lit(frame, flaws, chance).convert("RGB")


def _cover(code: Image.Image, share: float, box: int, chance: random.Random) -> None:
    """Put a finger or a sticker on the code: at the corner without finder, or in from an edge."""
    side, quiet = code.width, QUIET_MODULES * box
    inner = side - 2 * quiet
    grey = chance.randint(70, 200)
    draw = ImageDraw.Draw(code)
    reach = math.sqrt(share) * inner
    if chance.random() < 0.5:
        draw.rectangle((side - quiet - reach, side - quiet - reach, side, side), fill=grey)
        return
    # Half an ellipse from the right or the lower edge, half way along it.
    length, width = reach * 1.6, reach * 1.6
    middle = side * 0.55
    draw.ellipse(
        (side - quiet - length, middle - width / 2, side - quiet + length, middle + width / 2)
        if chance.random() < 0.5
        else (middle - width / 2, side - quiet - length, middle + width / 2, side - quiet + length),
        fill=grey,
    )


def _screen(code: Image.Image) -> Image.Image:
    """Return a white screen in a dark frame with the code, words above and below it."""
    side = code.width
    width, height = round(side * 1.25), round(side * 1.45)
    rim = round(side * 0.06)
    screen = Image.new("L", (width + 2 * rim, height + 2 * rim), 30)
    draw = ImageDraw.Draw(screen)
    draw.rectangle((rim, rim, rim + width, rim + height), fill=255)
    line = side // 30
    for row, share in enumerate((0.5, 0.35)):
        top = rim + line * (2 + 2 * row)
        draw.rectangle((rim + line, top, rim + width * share, top + line), fill=60)
    screen.paste(code, (rim + (width - side) // 2, rim + (height - side) // 2))
    top = rim + height - line * 4
    for letter in range(6):
        left = rim + width // 2 + (letter - 3) * line * 2
        draw.rectangle((left, top, left + line, top + 2 * line), fill=20)
    return screen


def _seen(screen: Image.Image, flaws: Flaws, box: int, chance: random.Random) -> Image.Image:
    """Return the screen in front of a counter, in perspective, at `_OVERSAMPLE` times the size."""
    size = (FRAME[0] * _OVERSAMPLE, FRAME[1] * _OVERSAMPLE)
    scale = flaws.module_px * _OVERSAMPLE / box
    centre = (
        size[0] / 2 + chance.uniform(-0.06, 0.06) * size[0],
        size[1] / 2 + chance.uniform(-0.06, 0.06) * size[1],
    )
    corners = [
        _projected((x * scale, y * scale), flaws, centre)
        for x, y in _corners_around_middle(*screen.size)
    ]
    ends = [(0.0, 0.0), (screen.width, 0.0), (screen.width, screen.height), (0.0, screen.height)]
    to_screen = _homography(corners, ends)
    warp = Image.Transform.PERSPECTIVE
    seen = screen.transform(size, warp, to_screen, Image.Resampling.BICUBIC)
    mask = Image.new("L", screen.size, 255).transform(
        size, warp, to_screen, Image.Resampling.BILINEAR
    )
    return Image.composite(seen, _counter(size, chance), mask)


def _corners_around_middle(width: float, height: float) -> list[Point]:
    x, y = width / 2, height / 2
    return [(-x, -y), (x, -y), (x, y), (-x, y)]


def _projected(point: Point, flaws: Flaws, centre: Point) -> Point:
    """Return where a point of the tilted, turned screen lands in the frame."""
    axis, tilt, roll = (
        math.radians(each) for each in (flaws.axis_deg, flaws.tilt_deg, flaws.roll_deg)
    )
    along = point[0] * math.cos(axis) + point[1] * math.sin(axis)
    across = -point[0] * math.sin(axis) + point[1] * math.cos(axis)
    depth = across * math.sin(tilt)
    across *= math.cos(tilt)
    x = along * math.cos(axis) - across * math.sin(axis)
    y = along * math.sin(axis) + across * math.cos(axis)
    x, y = x * math.cos(roll) - y * math.sin(roll), x * math.sin(roll) + y * math.cos(roll)
    focal = _FOCAL_PX * _OVERSAMPLE
    nearness = focal / (focal + depth)
    return centre[0] + x * nearness, centre[1] + y * nearness


def _homography(from_points: list[Point], to_points: list[Point]) -> list[float]:
    """Return the eight numbers with which Pillow maps the frame onto the screen."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(from_points, to_points, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        pivot = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(8):
            if row != column:
                factor = rows[row][column]
                pairs = zip(rows[row], rows[column], strict=True)
                rows[row] = [value - factor * known for value, known in pairs]
    return [row[8] for row in rows]


def _counter(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Return what lies around the screen: edges and boxes in several greys."""
    counter = Image.new("L", size, chance.randint(90, 150))
    draw = ImageDraw.Draw(counter)
    for _ in range(14):
        left, top = chance.uniform(0, size[0]), chance.uniform(0, size[1])
        width, height = chance.uniform(30, 500), chance.uniform(20, 300)
        draw.rectangle((left, top, left + width, top + height), fill=chance.randint(30, 220))
    return counter


def _moved(frame: Image.Image, length_px: float, angle_deg: float) -> Image.Image:
    """Return the average of the frame along a line."""
    steps = max(2, round(length_px * 2))
    angle = math.radians(angle_deg)
    moved = frame
    for step in range(1, steps):
        way = length_px * (step / (steps - 1) - 0.5)
        shift = (1, 0, way * math.cos(angle), 0, 1, way * math.sin(angle))
        other = frame.transform(frame.size, Image.Transform.AFFINE, shift, Image.Resampling.BICUBIC)
        moved = Image.blend(moved, other, 1 / (step + 1))
    return moved


def _lit(frame: Image.Image, flaws: Flaws, chance: random.Random) -> Image.Image:
    """Return the frame under its light, with the sensor's noise."""
    black = 12
    frame = frame.point([round(black + value * flaws.light / 255) for value in range(256)])
    if flaws.glare:
        frame = ImageChops.add(frame, _reflection(flaws, chance))
    # The sum of three even spreads is near enough to a bell; each has a deviation of 74.
    spreads = [Image.frombytes("L", FRAME, chance.randbytes(FRAME[0] * FRAME[1])) for _ in range(3)]
    noise = Image.blend(Image.blend(spreads[0], spreads[1], 1 / 2), spreads[2], 1 / 3)
    factor = flaws.noise / (74 / math.sqrt(3))
    noise = noise.point([round(128 + (value - 128) * factor) for value in range(256)])
    return ImageChops.add(frame, noise, offset=-128)


def _reflection(flaws: Flaws, chance: random.Random) -> Image.Image:
    """Return a lamp's soft spot on the code."""
    small = Image.new("L", (FRAME[0] // 8, FRAME[1] // 8), 0)
    x = small.width / 2 + chance.uniform(-8, 8)
    y = small.height / 2 + chance.uniform(-8, 8)
    radius = chance.uniform(7, 11)
    ImageDraw.Draw(small).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    spot = small.filter(ImageFilter.GaussianBlur(5)).resize(FRAME, Image.Resampling.BICUBIC)
    return spot.point([min(255, round(value * flaws.glare / 255)) for value in range(256)])
