"""Codes drawn by the server: every kind of text must come back from a scanner."""

import json
import random
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app.sites.qr_codes import MAX_TEXT_CHARS, qr_image, qr_svg

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LABEL_TOKEN = "MP1:IY2W62000000W50+G06/H3YRI*S92MNWP72"
VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "mp1.json").read_text())["tokens"]
SVG = "{http://www.w3.org/2000/svg}"


def scan(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    return found.text


def painted(svg: str, box: int) -> Image.Image:
    """Paint the strokes of our own SVG; each is `M{x} {y}h{width}v1h-{width}z`."""
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    side = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (side * box, side * box), 255)
    draw = ImageDraw.Draw(image)
    for stroke in root.findall(f"{SVG}path")[1].attrib["d"].split("M")[1:]:
        place, size = stroke.split("h", 1)
        x, y = (int(part) * box for part in place.split())
        width = int(size.split("v")[0]) * box
        draw.rectangle((x, y, x + width - 1, y + box - 1), fill=0)
    return image


@pytest.mark.parametrize("length", [1, 39, 146, 164, 194, 286, 417, MAX_TEXT_CHARS])
def test_codes_of_every_token_length_decode_with_the_fixed_mask(length: int):
    dice = random.Random(length)  # noqa: S311 - a fixed set of texts, not a secret

    for _ in range(4):
        text = "".join(dice.choices(BASE45, k=length)).strip().ljust(length, "/")
        assert scan(qr_image(text, box=3)) == text


@pytest.mark.parametrize("kind", VECTORS.keys())
def test_every_token_of_the_protocol_decodes(kind: str):
    text = VECTORS[kind]["qr"]

    assert scan(qr_image(text, box=3)) == text


@pytest.mark.parametrize("filling", ["0", "A", ":", "U", "\u00e9", "a"])
def test_monotonous_texts_decode_too(filling: str):
    text = filling * 100

    assert scan(qr_image(text, box=4)) == text


def test_short_uppercase_token_fits_version_three():
    image = qr_image(LABEL_TOKEN, box=1)

    assert image.size == (29 + 8, 29 + 8)


def test_web_address_keeps_its_case():
    address = "https://mall.example/t/Ab_cD-9?x=1&y=%20"

    assert scan(qr_image(address, box=4)) == address


def test_svg_shows_the_same_code_as_the_image():
    drawn = painted(qr_svg(LABEL_TOKEN), box=4)

    assert drawn.tobytes() == qr_image(LABEL_TOKEN, box=4).convert("L").tobytes()
    assert scan(drawn) == LABEL_TOKEN


def test_svg_needs_no_inline_style_or_script():
    svg = qr_svg(LABEL_TOKEN, title="Code for Cleo")

    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}  # noqa: S314
    assert tags == {"svg", "title", "path"}
    assert "style" not in svg


def test_hostile_title_stays_text():
    svg = qr_svg(LABEL_TOKEN, title='<img onerror="x">\0 & Sons')

    root = ET.fromstring(svg)  # noqa: S314 - our own output
    assert root.findtext(f"{SVG}title") == '<img onerror="x"> & Sons'
    assert root.attrib["role"] == "img"


def test_code_without_title_is_hidden_from_screen_readers():
    root = ET.fromstring(qr_svg(LABEL_TOKEN))  # noqa: S314 - our own output

    assert root.attrib["aria-hidden"] == "true"


def test_template_shows_the_svg_unescaped():
    svg = qr_svg(LABEL_TOKEN)

    assert svg.__html__() == svg  # Jinja asks for this before it escapes.


@pytest.mark.parametrize("text", ["", "A" * (MAX_TEXT_CHARS + 1)])
def test_empty_or_oversized_text_is_refused(text: str):
    with pytest.raises(ValueError, match="1 to 600"):
        qr_svg(text)
