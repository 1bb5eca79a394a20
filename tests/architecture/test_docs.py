"""Pages for people must not lag behind the code: settings, refusals, events, links, commands."""

import re
from pathlib import Path

import pytest

from app.config import KNOWN, PREFIX
from app.domain.events import FOR_CUSTOMERS, EventType
from scripts import write_codes

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


def rows(page: Path) -> list[list[str]]:
    """Return the cells of every table row whose first cell is `code`."""
    lines = page.read_text().splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| `")
    ]


def test_page_of_codes_is_what_the_catalogue_makes():
    assert write_codes.PAGE.read_text() == write_codes.page(), "run python -m scripts.write_codes"


def test_operator_page_lists_every_setting_and_no_other():
    named = [cells[0].strip("`") for cells in rows(DOCS / "operator.md")]
    assert sorted(named) == sorted(PREFIX + name for name in KNOWN)


def test_event_page_lists_every_event_and_whom_it_is_told():
    told = {cells[0].strip("`"): cells[-1] for cells in rows(DOCS / "events.md")}
    assert told == {event.value: "yes" if event in FOR_CUSTOMERS else "no" for event in EventType}


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(doc: Path):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", doc.read_text())
    assert [target for target in targets if not (doc.parent / target).exists()] == []


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_named_files_exist(doc: Path):
    named = re.findall(r"`((?:app|frontend|tests|scripts|migrations)/[\w./-]+)`", doc.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_named_make_targets_exist(doc: Path):
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", doc.read_text(), re.MULTILINE))
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)} == set()


def test_decisions_are_numbered_without_gaps_and_have_all_parts():
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    for page, number in zip(decisions, numbers, strict=True):
        text = page.read_text()
        assert text.startswith(f"# {number}. ")
        for part in ("Context", "Decision", "Consequences", "Evidence"):
            assert f"**{part}.**" in text, f"{page.name} has no {part}"
