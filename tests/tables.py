"""Spreadsheets for tests, made as spreadsheets make them."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def xlsx(rows: Sequence[Sequence[str | float]], *, shared: bool = True) -> bytes:
    """Return an XLSX file with one sheet; texts shared, as Excel does, or within the cells."""
    strings: list[str] = []
    lines: list[str] = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{chr(65 + at)}{number}", value, strings, shared=shared)
            for at, value in enumerate(row)
            if value != ""
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        sheet = f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if strings:
            items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
            archive.writestr("xl/sharedStrings.xml", f"<sst {_MAIN}>{items}</sst>")
    return out.getvalue()


def _cell(at: str, value: str | float, strings: list[str], *, shared: bool) -> str:
    if not isinstance(value, str):
        return f'<c r="{at}"><v>{value}</v></c>'
    if not shared:
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    strings.append(value)
    return f'<c r="{at}" t="s"><v>{len(strings) - 1}</v></c>'
