"""Parcel labels: they scan, they fit, and nothing that somebody typed breaks them."""

import re
import time
import zlib
from dataclasses import fields, replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from app.sites.label_text import Box, Fit, Pen, printable
from app.sites.labels import HEIGHT_PX, WIDTH_PX, Label, LabelWords, label_png, labels_pdf
from app.sites.pdf_pages import pages_pdf

LABEL = Label(
    store_name="Juniper & Pine",
    site_name="Chandler Fashion Center",
    recipient_first_name="Cleo",
    area="Ocotillo, Chandler",
    parcel_no=2,
    parcel_of=3,
    code_text="MP1:IY2W62000000W50+G06/H3YRI*S92MNWP72",
    readable_code="7KQ4 M2ZX",
    merchant_ref="1003-4422",
    window_text="4:00–6:00 pm",
    created_text="Nov 22, 9:14 am",
)
PLAIN_TEXTS = [
    field.name
    for field in fields(Label)
    if field.name not in {"code_text", "parcel_no", "parcel_of"}
]
HOSTILE = {
    "endless word": "W" * 10_000,
    "endless sentence": "again and " * 1_000,
    "markup": "<img onerror=alert(1)>",
    "control characters": "\0\x07\x1b[2JCleo\r\n\u2028",
    "lone surrogate": "Cl\ud800eo",
    "right to left": "שלום עולם مرحبا",
    "direction override": "\u202egnp.exe\u2066",
    "emoji": "👩🏽\u200d🚀 🇲🇽 ❤\ufe0f",
    "no glyphs": "李小龙 ไทย हिन्दी",
    "stacked marks": "Z" + "\u0301" * 10_000,
    "empty": "",
    "only blanks": " \t\u200b\u3000 ",
}


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png), formats=("PNG",)).convert("L")


def scan(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


def pdf_pictures(pdf: bytes) -> list[Image.Image]:
    """Unpack the page pictures of our own PDF."""
    stream = re.compile(
        rb"/Subtype/Image/Width (\d+)/Height (\d+)/[^>]*/Length (\d+)>>\nstream\n", re.DOTALL
    )
    return [
        Image.frombytes(
            "1",
            (int(head[1]), int(head[2])),
            zlib.decompress(pdf[head.end() : head.end() + int(head[3])]),
        ).convert("L")
        for head in stream.finditer(pdf)
    ]


def test_label_is_four_by_six_inches_at_203_dpi():
    picture = Image.open(BytesIO(label_png(LABEL)))

    assert picture.size == (812, 1218) == (WIDTH_PX, HEIGHT_PX)
    assert picture.info["dpi"] == pytest.approx((203, 203), abs=0.1)
    assert picture.mode == "1"


@pytest.mark.parametrize("blur_px", [0, 2, 4])
def test_label_code_decodes_sharp_and_blurred(blur_px: int):
    picture = opened(label_png(LABEL)).filter(ImageFilter.GaussianBlur(blur_px))

    assert scan(picture) == LABEL.code_text


@pytest.mark.parametrize("angle", [7, 90, 200])
def test_label_code_decodes_small_and_turned(angle: int):
    picture = opened(label_png(LABEL)).reduce(3).rotate(angle, expand=True, fillcolor=255)

    assert scan(picture) == LABEL.code_text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_in_every_field_leaves_a_scannable_label(text: str):
    label = replace(LABEL, **dict.fromkeys(PLAIN_TEXTS, text))

    # Of this thread alone: how busy the machine is says nothing about the text.
    started = time.thread_time()
    picture = opened(label_png(label))

    assert time.thread_time() - started < 2
    assert scan(picture) == LABEL.code_text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_shows_something_and_stays_in_its_box(text: str):
    paper = Image.new("1", (300, 200), 1)

    Pen(paper).write(text, Box(50, 50, 200, 80), Fit(size=40, least=20, lines=2))

    written = ImageOps.invert(paper.convert("L"))
    outside = written.copy()
    outside.paste(0, (50, 50, 250, 130))
    assert written.getbbox() is not None
    assert outside.getbbox() is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Cleo", "Cleo"),
        (" Cleo\0\n\tMay ", "Cleo May"),
        ("<b>Cleo</b>", "<b>Cleo</b>"),
        ("Jose\u0301", "José"),
        ("\u202eoelC\u202c", "oelC"),
        ("Cl\ud800eo", "Cleo"),
        ("", "–"),
        ("\0\u200d\u0301", "–"),
        ("x" * 9_999, "x" * 159 + "…"),
    ],
)
def test_typed_text_is_cleaned_for_print(typed: str, shown: str):
    assert printable(typed) == shown


def test_long_name_is_wrapped_before_it_becomes_tiny():
    one_line = Image.new("1", (400, 100), 1)
    two_lines = Image.new("1", (400, 100), 1)

    name = "Bartholomew & Sons Fine Stationery"
    Pen(one_line).write(name, Box(0, 0, 400, 100), Fit(size=40, least=10, lines=1))
    Pen(two_lines).write(name, Box(0, 0, 400, 100), Fit(size=40, least=10, lines=2))

    assert ink(two_lines) > ink(one_line)


def test_long_reference_without_spaces_is_broken_rather_than_cut():
    box, fit = Box(0, 0, 300, 76), Fit(size=44, least=26, lines=2)
    whole, shorter = Image.new("1", (300, 76), 1), Image.new("1", (300, 76), 1)

    Pen(whole).write("2026-11-22/A-0000-991823-77", box, fit)
    Pen(shorter).write("2026-11-22/A-0000-991823-7", box, fit)

    assert ink(whole) > ink(shorter)


def ink(paper: Image.Image) -> int:
    return paper.convert("L").histogram()[0]


def test_label_says_its_words_in_the_callers_language():
    spanish = LabelWords("Para", "Paquete", "Entrega", "Código", "Pedido", "Impreso")

    assert label_png(LABEL, spanish) != label_png(LABEL)


def test_label_knows_neither_street_nor_phone():
    names = {field.name for field in fields(Label)}

    assert not names & {"street", "address", "phone", "recipient_name", "recipient_last_name"}


def test_pdf_has_one_four_by_six_inch_page_per_parcel():
    labels = [replace(LABEL, parcel_no=number) for number in (1, 2, 3)]

    pdf = labels_pdf(labels)

    boxes = re.findall(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert boxes == [(b"288.00", b"432.00")] * 3
    assert b"/Count 3" in pdf


def test_pdf_pages_hold_the_labels_in_order():
    labels = [replace(LABEL, parcel_no=number) for number in (1, 2, 3)]

    pictures = pdf_pictures(labels_pdf(labels))

    assert [picture.tobytes() for picture in pictures] == [
        opened(label_png(label)).tobytes() for label in labels
    ]
    assert scan(pictures[2]) == LABEL.code_text


def test_pdf_is_small_and_always_the_same():
    pdf = labels_pdf(iter([LABEL] * 10))

    assert len(pdf) < 10 * 15_000
    assert pdf == labels_pdf([LABEL] * 10)


def test_pdf_table_points_at_every_object():
    pdf = labels_pdf([LABEL, LABEL])

    table_at = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    entries = re.findall(rb"(\d{10}) 00000 n \n", pdf[table_at:])
    starts = [pdf[int(at) :].split(b" obj", 1)[0] for at in entries]
    assert starts == [b"%d 0" % number for number in range(1, 9)]


def test_pdf_without_labels_is_refused():
    with pytest.raises(ValueError, match="at least one page"):
        labels_pdf([])


def test_pdf_of_a_coloured_page_is_refused():
    with pytest.raises(ValueError, match="black and white"):
        pages_pdf([Image.new("RGB", (8, 8))], dots_per_inch=203)
