"""Photos from phones: what is kept is a small clean JPEG."""

import struct
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, PngImagePlugin

from app.handoffs.photos import MAX_SIDE_PX, read_photo
from tests.handoffs.pictures import GREEN, RED, SCRIPT, WHITE, encoded, is_near, opened, scene


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_accepted_format_becomes_a_plain_jpeg(kind: str):
    photo = read_photo(encoded(scene(), kind))

    kept = opened(photo.jpeg)
    assert (photo.width, photo.height) == kept.size == (400, 300)
    assert kept.mode == "RGB"
    assert is_near(kept.getpixel((20, 20)), RED)


def test_photo_carries_the_hash_of_what_is_stored():
    photo = read_photo(encoded(scene()))

    assert photo.sha256_hex == sha256(photo.jpeg).hexdigest()
    assert "jpeg" not in repr(photo)


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 4000), (1601, 40)])
def test_large_photo_is_scaled_to_the_longest_side(size: tuple[int, int]):
    photo = read_photo(encoded(scene(*size)))

    assert max(photo.width, photo.height) == MAX_SIDE_PX
    assert photo.width / photo.height == pytest.approx(size[0] / size[1], rel=0.03)


def test_small_photo_is_not_blown_up():
    photo = read_photo(encoded(scene(80, 60)))

    assert (photo.width, photo.height) == (80, 60)


@pytest.mark.parametrize(
    ("orientation", "size", "red_corner"),
    [
        (1, (400, 300), (10, 10)),
        (2, (400, 300), (390, 10)),
        (3, (400, 300), (390, 290)),
        (4, (400, 300), (10, 290)),
        (5, (300, 400), (10, 10)),
        (6, (300, 400), (290, 10)),
        (7, (300, 400), (290, 390)),
        (8, (300, 400), (10, 390)),
        (77, (400, 300), (10, 10)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_stands_upright(kind: str, orientation: int, size: tuple[int, int], red_corner: Any):
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = read_photo(encoded(scene(), kind, exif=exif))

    kept = opened(photo.jpeg)
    assert kept.size == size
    assert is_near(kept.getpixel(red_corner), RED)


def test_place_camera_and_comments_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (33.0, 18.0, 3.5)
    raw = encoded(scene(), exif=exif, icc_profile=b"SecretProfile", comment=b"SecretComment")
    assert b"Secret" in raw

    photo = read_photo(raw)

    kept = opened(photo.jpeg)
    assert b"Secret" not in photo.jpeg
    assert not kept.getexif()
    assert kept.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_png_texts_are_gone():
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Comment", "SecretNote")

    photo = read_photo(encoded(scene(), "PNG", pnginfo=notes))

    assert b"SecretNote" not in photo.jpeg


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_metadata_do_not_refuse_a_photo():
    exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40

    assert read_photo(encoded(scene(), exif=exif)).width == 400


@pytest.mark.parametrize("polyglot", ["before the end", "after the end", "as comment"])
def test_page_hidden_in_a_jpeg_is_gone(polyglot: str):
    raw = encoded(scene(), comment=SCRIPT if polyglot == "as comment" else b"")
    if polyglot == "after the end":
        raw += SCRIPT
    elif polyglot == "before the end":
        raw = raw[:2] + b"\xff\xed" + struct.pack(">H", len(SCRIPT) + 2) + SCRIPT + raw[2:]
    assert SCRIPT in raw

    photo = read_photo(raw)

    assert b"<script" not in photo.jpeg
    assert photo.jpeg.startswith(b"\xff\xd8\xff")
    assert photo.jpeg.endswith(b"\xff\xd9")


def test_second_picture_of_a_phones_jpeg_is_dropped():
    raw = encoded(
        scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 300), GREEN)]
    )
    assert Image.open(BytesIO(raw)).n_frames == 2  # type: ignore[attr-defined]

    photo = read_photo(raw)

    assert photo.jpeg.count(b"\xff\xd8\xff") == 1
    assert is_near(opened(photo.jpeg).getpixel((20, 20)), RED)


def test_transparent_parts_become_white():
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))

    photo = read_photo(encoded(picture, "PNG"))

    assert is_near(opened(photo.jpeg).getpixel((20, 20)), WHITE)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_shows_its_picture(mode: str):
    photo = read_photo(encoded(scene().convert(mode), "PNG"))

    plain = scene().convert(mode).convert("RGB")
    difference = ImageChops.difference(plain, opened(photo.jpeg)).convert("L")
    assert sum(tone * count for tone, count in enumerate(difference.histogram())) / 120_000 < 20


def test_sixteen_bit_greys_are_not_clipped():
    picture = Image.new("I;16", (40, 40), 0x8000)

    photo = read_photo(encoded(picture, "PNG"))

    assert is_near(opened(photo.jpeg).getpixel((20, 20)), (128, 128, 128))


def test_printers_colours_become_screen_colours():
    photo = read_photo(encoded(scene().convert("CMYK")))

    assert is_near(opened(photo.jpeg).getpixel((20, 20)), RED)
