"""Spanish is complete: nothing missing, nothing broken, nothing stale, and people get to see it."""

import ast
import json
import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from app.domain.problems import PROBLEMS
from app.web.problems import words_of
from scripts import collect_texts

ROOT = collect_texts.ROOT
DIST = ROOT / "static" / "dist"
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)[a-z]")
FACT = re.compile(r"\{(\w+)\}")
MEXICAN = {"Accept": "text/html", "Accept-Language": "es-MX,es;q=0.9,en;q=0.8"}


@pytest.fixture(scope="module", params=collect_texts.LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    """A language's file as it is kept."""
    with collect_texts.po_path(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


def pairs(catalog: Catalog) -> list[tuple[list[str], list[str]]]:
    """Return the English and the translated forms of every text."""
    return [
        (_forms(message.id), _forms(message.string)) for message in catalog if _forms(message.id)[0]
    ]


def _forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, list | tuple) else [str(text)]


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("language", collect_texts.LANGUAGES)
def test_no_text_is_missing_or_unsure(language: str):
    wanted = collect_texts.collected(language, collect_texts.template())

    assert collect_texts.untranslated(wanted) == []


def test_placeholders_are_the_same_in_both_languages(catalog: Catalog):
    for english, translated in pairs(catalog):
        many = placeholders(english[-1])
        assert placeholders(translated[-1]) == many, english
        # "One stop" and "Una parada" may leave out the number, and nothing else.
        assert placeholders(translated[0]) in (many, [each for each in many if each != "{n}"])


def test_counted_texts_have_every_form(catalog: Catalog):
    for english, translated in pairs(catalog):
        assert len(translated) == (1 if len(english) == 1 else catalog.num_plurals), english


def test_nothing_is_shouted(catalog: Catalog):
    assert [text for _, texts in pairs(catalog) for text in texts if set(text) & set("!¡")] == []


@pytest.mark.parametrize("language", collect_texts.LANGUAGES)
def test_compiled_texts_are_those_of_the_file(language: str, catalog: Catalog):
    path = collect_texts.po_path(language).with_suffix(".mo")
    with path.open("rb") as file:
        compiled = GNUTranslations(file)

    stale = [
        english[0]
        for english, translated in pairs(catalog)
        if (
            compiled.gettext(english[0])
            if len(english) == 1
            else compiled.ngettext(english[0], english[1], 2)
        )
        != translated[-1]
    ]
    assert stale == [], "run pybabel compile -d app/translations"


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_refusal_speaks_spanish_with_its_facts(
    spoken: Flask, code: str, caplog: pytest.LogCaptureFixture
):
    problem = PROBLEMS[code]
    english = " ".join([problem.title, problem.detail, problem.next_step])
    facts = {name: f"<{name}>" for name in FACT.findall(english)}

    with spoken.test_request_context(headers=MEXICAN):
        words = words_of(code, facts)

    assert set(words) == {"title", "detail", "next_step"}
    assert words["title"] != problem.title
    assert words["detail"] != problem.detail
    said = " ".join(words.values())
    assert all(fact in said for fact in facts.values())
    assert "{" not in said
    assert not caplog.records


@pytest.fixture(scope="module")
def spoken() -> Flask:
    """The words alone: languages, without database, pages and keys."""
    from app.web.language import register_language  # noqa: PLC0415 - only these tests need it.

    app = Flask("app")
    register_language(app)
    return app


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "El mismo día"),
        ("/driver/login", "Iniciar sesión"),
        ("/console/login", "Contraseña"),
        ("/t/nobody", "Pida a la tienda un enlace nuevo."),
    ],
)
def test_pages_answer_in_the_readers_spanish(client: FlaskClient, path: str, words: str):
    page = client.get(path, headers=MEXICAN).text

    assert '<html lang="es-MX"' in page
    assert words.lower() in page.lower()


def test_a_reader_of_neither_language_gets_english(client: FlaskClient):
    assert '<html lang="en-' in client.get("/", headers={"Accept-Language": "fi"}).text


@pytest.mark.parametrize("language", collect_texts.LANGUAGES)
def test_browser_gets_every_text_that_its_code_names(language: str):
    built = json.loads((DIST / "manifest.json").read_text())
    messages = json.loads((DIST / built[f"messages-{language}.json"]["file"]).read_text())

    named = {
        message if isinstance(message, str) else message[0]
        for file, message in collect_texts.texts()
        if Path(file).parts[0] == "frontend"
    }
    met = {
        text
        for problem in PROBLEMS.values()
        if problem.on_device
        for text in (problem.title, problem.detail, problem.next_step)
    }
    assert sorted((named | met) - set(messages)) == []


def facts_given_as_text() -> set[str]:
    """Return the English sentences and names that refusals carry as facts; `10 mi` has no words."""
    trees = (ast.parse(path.read_text()) for path in (ROOT / "app").rglob("*.py"))
    given = (
        part.value
        for tree in trees
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "DomainError"
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Constant | ast.IfExp)
        for part in ast.walk(keyword.value)
        if isinstance(part, ast.Constant)
    )
    return {text for text in given if isinstance(text, str) and re.search("[A-Za-z]{3}", text)}


def test_facts_given_as_text_are_translated(catalog: Catalog):
    facts = facts_given_as_text()
    known = {english[0] for english, translated in pairs(catalog) if translated[0]}

    assert "a photo" in facts
    assert sorted(facts - known) == []


@pytest.mark.parametrize("code", [code for code, problem in PROBLEMS.items() if problem.desk_only])
def test_words_of_the_tablet_alone_are_asked_for_by_nobody_else(code: str):
    others = [
        path
        for folder in ("lib", "driver", "customer", "custody", "sw")
        for path in (ROOT / "frontend" / folder).rglob("*.ts*")
        if ".test." not in path.name and f'"{code}"' in path.read_text()
    ]

    assert PROBLEMS[code].on_device
    assert others == []


@pytest.mark.parametrize("code", [code for code, problem in PROBLEMS.items() if problem.at_hand])
def test_words_for_what_is_in_hand_come_with_the_screens_that_say_them(code: str):
    sayers = [
        path
        for path in (ROOT / "frontend" / "driver").rglob("*.ts*")
        if ".test." not in path.name and f'problemFor("{code}"' in path.read_text()
    ]

    assert PROBLEMS[code].on_device
    assert [path for path in sayers if 'scan/problems"' not in path.read_text()] == []
