"""Answers that are kept for some seconds: the same for everybody, of one question only, bounded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.config import Settings
from app.web.promise import recent
from app.web.promise.recent import RecentAnswers
from tests import databases, factories
from tests.factories import Mall
from tests.promise.shopping import NOW, answer, ask, can_deliver

AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    return databases.settings_for(engine_url, tmp_path, PROMISE_CACHE_S="5")


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall of its own: answers are kept by the application."""
    return factories.a_mall(app)


def test_answer_stands_for_some_seconds(mall: Mall):
    can_deliver(mall)
    shopper = mall.app.test_client()
    with clock.frozen(NOW):
        first = ask(shopper, mall)
        for _ in range(8):
            mall.places()
        assert ask(shopper, mall).data == first.data
        assert ask(shopper, mall).headers["ETag"] == first.headers["ETag"]
    with clock.frozen(NOW + timedelta(seconds=4)):
        assert ask(shopper, mall).data == first.data
    with clock.frozen(NOW + timedelta(seconds=5)):
        assert answer(shopper, mall)["code"] == "too_busy"


def test_each_question_has_its_own_answer(mall: Mall):
    can_deliver(mall)
    shopper = mall.app.test_client()
    with clock.frozen(NOW):
        for _ in range(2):
            assert answer(shopper, mall)["title"] == "Get it today"
            assert answer(shopper, mall, lang="es")["title"] == "Recíbalo hoy"
            assert answer(shopper, mall, postal_code="99999")["code"] == "postal_code_unknown"


def test_unknown_store_is_not_kept(mall: Mall):
    shopper = mall.app.test_client()
    path = "/promise?store=str_x&postal_code=85224"

    assert [shopper.get(path).status_code for _ in range(2)] == [404, 404]


def test_oldest_goes_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recent, "MOST", 2)
    answers = RecentAnswers(5)
    for name in ("a", "b", "a", "c"):
        answers.keep((name,), name.encode(), AT)

    assert [answers.get((name,), AT) for name in ("a", "b", "c")] == [b"a", None, b"c"]


def test_clock_that_is_set_back_keeps_nothing_alive():
    answers = RecentAnswers(5)
    answers.keep(("a",), b"a", AT)

    assert answers.get(("a",), AT - timedelta(seconds=1)) is None


def test_nothing_is_kept_for_no_seconds():
    answers = RecentAnswers(0)
    answers.keep(("a",), b"a", AT)

    assert answers.get(("a",), AT) is None
