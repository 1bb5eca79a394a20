"""Collect every text people read into app/translations/<language>/LC_MESSAGES/messages.po.

Python and templates are read by Babel, TypeScript by the literals given to `t` and `tn`, problems
from their catalogue, and the texts that a refusal carries as facts from where it is raised. Texts
that are gone are dropped; new ones come in empty, nothing is guessed. messages.mo beside it is what
the server reads.

    python -m scripts.collect_texts           write
    python -m scripts.collect_texts --check   fail when a text is missing or untranslated
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.domain.problems import PROBLEMS

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "app" / "translations"
LANGUAGES = ("es",)
METHODS = [("app/**.py", "python"), ("templates/**.*", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
STRING = r'("(?:[^"\\\n]|\\.)*")'
#: t("text" …) and tn("one", "many" …), the string on the same line or on the next.
CALL = re.compile(rf"\b(?:t\(\s*{STRING}|tn\(\s*{STRING},\s*{STRING})")

Message = str | tuple[str, str]


def texts() -> Iterator[tuple[str, Message]]:
    """Yield file and text; a counted text is a pair of singular and plural."""
    found = extract_from_dir(ROOT, METHODS, keywords=KEYWORDS, directory_filter=_is_source)
    for file, _line, message, _comments, _context in found:
        # Babel gives tuples for ngettext, which may carry more than the two texts.
        yield file, message if isinstance(message, str) else (message[0], message[1])
    for path in sorted(ROOT.joinpath("frontend").rglob("*.ts*")):
        if ".test." in path.name:
            continue
        for match in CALL.finditer(path.read_text()):
            one, singular, plural = (json.loads(part) if part else "" for part in match.groups())
            yield str(path.relative_to(ROOT)), one or (singular, plural)
    for problem in PROBLEMS.values():
        for text in (problem.title, problem.detail, problem.next_step):
            yield "app/domain/problems", text
    yield from _facts()


def _facts() -> Iterator[tuple[str, str]]:
    """Yield file and text of what refusals carry as facts; `10 mi` has no words to translate."""
    for path in sorted(ROOT.joinpath("app").rglob("*.py")):
        for text in _facts_of(path.read_text()):
            yield str(path.relative_to(ROOT)), text


def _facts_of(source: str) -> Iterator[str]:
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != "DomainError":
            continue
        given = [each.value for each in call.keywords]
        choices = [each for each in given if isinstance(each, ast.Constant | ast.IfExp)]
        for part in (part for choice in choices for part in ast.walk(choice)):
            text = part.value if isinstance(part, ast.Constant) else None
            if isinstance(text, str) and re.search("[A-Za-z]{3}", text):
                yield text


def _is_source(folder: str) -> bool:
    return Path(folder).name in {"app", "templates"} or not {"app", "templates"}.isdisjoint(
        Path(folder).relative_to(ROOT).parts
    )


def template() -> Catalog:
    """Return a catalogue of everything to translate."""
    catalog = Catalog(project="Mallrun", charset="utf-8")
    for file, message in texts():
        # Without line numbers, or moving a function would touch every language.
        catalog.add(message, locations=[(file, None)])  # pyright: ignore[reportArgumentType]
    return catalog


def collected(language: str, source: Catalog) -> Catalog:
    """Return the language's catalogue brought up to `source`."""
    path = po_path(language)
    catalog = Catalog(
        locale=language,
        project="Mallrun",
        version="1",
        header_comment="# Words of Mallrun. `make translations` keeps the list of texts.",
        charset="utf-8",
        fuzzy=False,
    )
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def po_path(language: str) -> Path:
    """Return where a language's texts are kept."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def untranslated(catalog: Catalog) -> list[str]:
    """Return the texts that would still appear in English."""
    return [
        str(message.id)
        for message in catalog
        if message.id and (message.fuzzy or not _is_complete(message.string))
    ]


def _is_complete(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def main() -> int:
    """Write the catalogues, or say what they lack; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    only_checks = parser.parse_args().check
    source = template()
    lacking = 0
    for language in LANGUAGES:
        catalog = collected(language, source)
        missing = untranslated(catalog)
        lacking += len(missing)
        print(f"{language}: {len(catalog)} texts, {len(missing)} to translate")
        if only_checks:
            print("".join(f"  {text}\n" for text in missing), end="")
            continue
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, sort_output=True, include_lineno=False, width=0)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
    return 1 if only_checks and lacking else 0


if __name__ == "__main__":
    sys.exit(main())
