"""Tables for spreadsheets: CSV in which no text of other people runs as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from flask import Response

#: A spreadsheet takes a cell that begins like this for a formula.
#: Source: OWASP, CSV Injection.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Without it Excel reads UTF-8 as the machine's own encoding.
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"


def text_cell(text: str) -> str:
    """Return a text as a cell that every spreadsheet shows as it is."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def amount_cell(amount_minor: int) -> str:
    """Return minor units as a plain number: `-4.00`."""
    sign = "-" if amount_minor < 0 else ""
    major, minor = divmod(abs(amount_minor), 100)
    return f"{sign}{major}.{minor:02d}"


def csv_response(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """Return rows of cells as a file to download.

    Args:
        name: Of the file, ASCII.
        rows: The heading first; texts of people have gone through `text_cell`.
    """
    out = io.StringIO()
    out.write(_BOM)
    csv.writer(out).writerows(rows)
    response = Response(out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
