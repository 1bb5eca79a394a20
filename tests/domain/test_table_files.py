"""Files of strangers: tables are read, everything else is refused with what to do."""

import io
import zipfile

import pytest

from app.domain import table_files
from app.domain.errors import DomainError
from app.domain.table_files import read_table
from tests.tables import xlsx

ROWS = [["order", "name"], ["1", "Zo\u00eb"]]


def refusal(content: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        read_table(content)
    return refused.value.code


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_is_read_as_spreadsheets_write_it(delimiter: str, encoding: str, ending: str):
    text = ending.join(delimiter.join(row) for row in ROWS)

    assert read_table(text.encode(encoding)) == ROWS


def test_quotes_line_breaks_and_empty_rows():
    content = b'order,note\n\n1,"say ""hi"",\nplease"\n,\n'

    assert read_table(content) == [["order", "note"], ["1", 'say "hi",\nplease']]


@pytest.mark.parametrize("shared", [True, False])
def test_xlsx_is_read(*, shared: bool):
    assert read_table(xlsx(ROWS, shared=shared)) == ROWS


def test_gaps_and_numbers_of_a_sheet_are_kept_in_their_places():
    found = read_table(xlsx([["order", "unit", "zip"], ["1", "", 85224.0]]))

    assert found[1] == ["1", "", "85224"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table_empty"),
        (b"order,name\n", "table_empty"),
        ("order,name\n1,Zo\u00eb".encode("latin-1"), "table_encoding"),
        (b"\xff\xfeo", "table_encoding"),
        (b"order,name\n1,a\0b", "table_unreadable"),
        (b'order,name\n1,"a', "table_unreadable"),
        (b"PK\x03\x04 no archive", "table_unreadable"),
        (b"%PDF-1.7\n%\xe2\xe3", "table_encoding"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str):
    assert refusal(content) == code


def archive(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("_", "/"), content)
    return out.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "{rows}</sheetData></worksheet>"
)


@pytest.mark.parametrize(
    "content",
    [
        archive(readme="x"),
        archive(xl_worksheets_sheet1="x"),
        archive(**{"xl_worksheets_sheet1.xml": "<worksheet"}),
        archive(
            **{"xl_worksheets_sheet1.xml": SHEET.format(rows='<row><c t="s"><v>x</v></c></row>')}
        ),
    ],
)
def test_archive_without_a_sheet_is_refused(content: bytes):
    assert refusal(content) == "table_unreadable"


def test_cells_without_place_or_text_are_taken_as_they_come():
    cells = '<c><v>1</v></c><c r="?"><v>2</v></c><c r="D1" t="s"><v>9</v></c>'
    far = '<c r="ZZ2"><v>7</v></c>'
    rows = f"<row>{cells}</row><row><c><v>3</v></c>{far}</row>"
    content = archive(**{"xl_worksheets_sheet1.xml": SHEET.format(rows=rows)})

    assert read_table(content) == [["1", "2", "", ""], ["3"]]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table_files, "ROWS_MAX", 2)

    assert refusal(b"a\n1\n2\n3\n") == "table_too_long"


def test_sheet_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table_files, "_XML_MAX_BYTES", 1_000)
    content = xlsx([["order"], *[["x" * 50]] * 50])

    assert refusal(content) == "table_too_long"


def test_hundred_thousand_rows_are_read():
    content = b"order,name\n" + b"1,Cleo\n" * 100_000

    assert len(read_table(content)) == 100_001


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'+1 480 555 0101", "+1 480 555 0101"),
        ("' =1", "=1"),
        ("'s-Gravenhage", "'s-Gravenhage"),
        ("'", "'"),
    ],
)
def test_mark_against_formulas_is_no_part_of_the_text(cell: str, text: str):
    assert read_table(f"order\n{cell}\n".encode())[1] == [text]
