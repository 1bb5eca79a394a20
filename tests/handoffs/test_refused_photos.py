"""Files that are no photo, or mean harm: each is refused, none crashes the reader."""

import random
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, PngImagePlugin

from app.domain.errors import DomainError
from app.handoffs import photos
from app.handoffs.photos import MAX_FILE_BYTES, MAX_SIDE_PX, read_photo
from tests.handoffs.pictures import BLUE, GREEN, SCRIPT, encoded, opened, png_bomb, refusal, scene


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
