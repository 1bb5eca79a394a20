"""Reading a table that somebody uploads: CSV in the usual encodings, or the first sheet of an XLSX.

Whatever the file is, it becomes rows of short texts, or a refusal that says what to do. Nothing in
it is believed: sizes are bounded before anything is unpacked, and formulas are texts.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final
from xml.etree import ElementTree as ET

from app.domain.errors import DomainError

ROWS_MAX: Final = 100_000
COLUMNS_MAX: Final = 60
CELL_MAX: Final = 1_000
#: Unpacked; a table of a hundred thousand orders has some 40 MB.
_XML_MAX_BYTES: Final = 200_000_000
_ZIP_START: Final = b"PK\x03\x04"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_NAMESPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: Source: OWASP, CSV Injection; without white space, which is stripped anyway.
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_DELIMITERS: Final = ",;\t"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})[0-9]+")

Rows = list[list[str]]


def read_table(content: bytes) -> Rows:
    """Return a file's rows, the heading first; empty rows are left out.

    Raises:
        DomainError: `table_encoding`, `table_unreadable`, `table_too_long`, `table_empty`.
    """
    rows: Rows = []
    source = _sheet_rows(content) if content.startswith(_ZIP_START) else _csv_rows(content)
    for row in source:
        cells = [_plain(cell) for cell in row[:COLUMNS_MAX]]
        if not any(cells):
            continue
        rows.append(cells)
        if len(rows) > ROWS_MAX + 1:
            raise DomainError("table_too_long", most=ROWS_MAX)
    if len(rows) < 2:
        raise DomainError("table_empty")
    return rows


def _plain(cell: str) -> str:
    text = cell.strip()[:CELL_MAX]
    if text.startswith("'") and text[1:].lstrip(" ").startswith(_FORMULA_STARTS):
        # Put before it so that no spreadsheet takes it for a formula: as our own tables have it.
        return text[1:].strip()
    return text


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        raise DomainError("table_unreadable") from None


def _decoded(content: bytes) -> str:
    """Return a text in UTF-8, or in UTF-16 with its mark; nothing is guessed.

    A guess would turn one customer's name into another without anybody noticing.
    """
    has_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if has_mark else "utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError("table_encoding") from None
    if "\0" in text:
        raise DomainError("table_unreadable")
    return text


def _sheet_rows(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if _SHEET not in names:
                raise DomainError("table_unreadable")
            strings = _shared(archive) if _STRINGS in names else []
            with _opened(archive, _SHEET) as sheet:
                for _event, element in ET.iterparse(sheet):  # noqa: S314 - expat bounds entities.
                    if element.tag == f"{_NAMESPACE}row":
                        yield _cells(element, strings)
                        element.clear()
    except (zipfile.BadZipFile, ET.ParseError, OSError, ValueError, NotImplementedError):
        raise DomainError("table_unreadable") from None


def _opened(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    # Never more than the size that is named here is unpacked: a lie about it cuts the file short.
    if archive.getinfo(name).file_size > _XML_MAX_BYTES:
        raise DomainError("table_too_long", most=ROWS_MAX)
    return archive.open(name)


def _shared(archive: zipfile.ZipFile) -> list[str]:
    found: list[str] = []
    with _opened(archive, _STRINGS) as stream:
        for _event, element in ET.iterparse(stream):  # noqa: S314 - as above.
            if element.tag == f"{_NAMESPACE}si":
                found.append(_text(element)[:CELL_MAX])
                element.clear()
    return found


def _cells(row: ET.Element, strings: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_NAMESPACE}c"):
        at = _column(cell.get("r", ""), len(cells))
        if at >= COLUMNS_MAX:
            break
        cells += [""] * (at - len(cells))
        cells.append(_value(cell, strings))
    return cells


def _column(reference: str, following: int) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return following
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return max(number - 1, following)


def _value(cell: ET.Element, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{_NAMESPACE}v") or ""
    if cell.get("t") != "s":
        # Spreadsheets keep 85224 as 85224.0 sometimes.
        return value.removesuffix(".0")
    at = int(value)
    return strings[at] if 0 <= at < len(strings) else ""


def _text(element: ET.Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{_NAMESPACE}t"))
