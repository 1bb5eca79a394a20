"""Photos from phones: what is kept is a small clean JPEG, or there is a refusal."""

import random
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, PngImagePlugin

from app.domain.errors import DomainError
from app.handoffs import photos
from app.handoffs.photos import MAX_FILE_BYTES, MAX_SIDE_PX, read_photo

SCRIPT = b"<script>alert(document.domain)</script>"
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (40, 60, 200), (255, 255, 255)


def scene(width: int = 400, height: int = 300) -> Image.Image:
    """Draw a picture whose top left quarter is red, so that turning it shows."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg), formats=("JPEG",))


def is_near(found: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


def refusal(raw: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        read_photo(raw)
    return refused.value.code


def png_chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def png_bomb(side: int) -> bytes:
    """Pack a black square of one bit a pixel."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    parts = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


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


def test_nothing_is_refused():
    assert refusal(b"") == "photo_empty"


def test_thirty_megabytes_are_refused_before_parsing(monkeypatch: pytest.MonkeyPatch):
    def never(*_: object, **__: object) -> None:
        raise AssertionError("A file that is too large must not be opened.")

    monkeypatch.setattr(photos.Image, "open", never)

    assert refusal(encoded(scene()) + bytes(30_000_000)) == "photo_too_large"


def test_file_of_the_largest_size_is_still_read():
    raw = encoded(scene())

    assert read_photo(raw + bytes(MAX_FILE_BYTES - len(raw))).width == 400
    assert refusal(raw + bytes(MAX_FILE_BYTES - len(raw) + 1)) == "photo_too_large"


# Without the tests' own strictness, as in production, where Pillow only warns.
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [6_400, 9_500, 13_000, 20_000])
def test_pixel_flood_is_refused_before_decoding(side: int, monkeypatch: pytest.MonkeyPatch):
    raw = png_bomb(side)
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", None)

    assert len(raw) < 60_000
    assert refusal(raw) == "photo_too_large"


def test_pixel_flood_as_webp_is_refused():
    frame = encoded(scene(8, 8), "WEBP", lossless=True)[12:]
    edge = (16_382).to_bytes(3, "little")
    flags = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + edge + edge
    place = bytes(6) + (7).to_bytes(3, "little") * 2 + bytes(4) + frame
    body = b"WEBP" + flags + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    body += b"ANMF" + struct.pack("<I", len(place)) + place

    assert refusal(b"RIFF" + struct.pack("<I", len(body)) + body) == "photo_too_large"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_is_refused(kind: str):
    frames = [Image.new("RGB", (40, 40), GREEN), Image.new("RGB", (40, 40), BLUE)]

    assert (
        refusal(encoded(scene(40, 40), kind, save_all=True, append_images=frames))
        == "photo_unreadable"
    )


@pytest.mark.parametrize(
    "kind", ["GIF", "BMP", "TIFF", "PPM", "ICO", "PDF", "EPS", "TGA", "JPEG2000"]
)
def test_other_formats_are_refused(kind: str):
    assert refusal(encoded(scene(64, 64), kind)) == "photo_unreadable"


@pytest.mark.parametrize(
    "raw",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!doctype html>" + SCRIPT,
        b"GIF89a" + bytes(40),
        b"%PDF-1.7\n",
        b"\0",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff" + b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x04\0\0\0WEBP",
        b"RIFF\x04\0\0\0WAVE",
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_what_is_no_picture_is_refused(raw: bytes):
    assert refusal(raw) == "photo_unreadable"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_truncated_picture_is_refused(kind: str):
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    raw = encoded(noise, kind)

    assert refusal(raw[: len(raw) // 2]) == "photo_unreadable"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_mutated_pictures_are_read_or_refused_and_never_crash(kind: str):
    dice = random.Random(20261122)  # noqa: S311 - the same mutations in every run
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = encoded(scene(64, 48), kind, exif=exif)

    refusals: set[str] = set()
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        try:
            assert max(opened(read_photo(bytes(raw)).jpeg).size) <= MAX_SIDE_PX
        except DomainError as refused:
            refusals.add(refused.code)

    assert refusals <= {"photo_unreadable", "photo_too_large"}


def test_threads_do_not_disturb_each_other():
    sizes = [(200 + 10 * number, 100) for number in range(12)]

    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda size: read_photo(encoded(scene(*size))), sizes))

    assert [(photo.width, photo.height) for photo in kept] == sizes
