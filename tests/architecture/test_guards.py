"""Every way in says who may come in, and how often."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.web.limits import LIMITS, is_limited

#: How an audience knows its callers, for review: a new blueprint must be added here by hand.
GUARDS = {
    "start": "public",
    "health": "public",
    "customer": "tracking link",
    "shops": "public",
    "driver": "session:driver",
    "clerk": "session:desk",
    "console": "session:console",
    "merchant": "session:merchant",
    "api": "api key",
    "compat": "api key",
}
#: Built files: named by their content and kept for ever by browsers, so that counting is pointless.
WITHOUT_LIMIT = {"static"}
#: Parse, ask one service, answer; above this a view does something else as well.
VIEW_LINES_MAX = 30


@pytest.fixture
def views(app: Flask) -> dict[str, Callable[..., Any]]:
    """Views by endpoint."""
    return dict(app.view_functions)


def test_every_blueprint_declares_its_guard(app: Flask):
    assert app.extensions["mallrun_guards"] == GUARDS
    assert set(app.blueprints) == set(GUARDS)


def test_guarded_blueprints_ask_before_every_request(app: Flask):
    guarded = {name for name, rule in GUARDS.items() if rule.startswith(("session:", "api key"))}

    assert guarded == set(app.before_request_funcs) - {None}


def test_every_view_has_a_limit(views: dict[str, Callable[..., Any]]):
    unlimited = {endpoint for endpoint, view in views.items() if not is_limited(view)}

    assert unlimited == WITHOUT_LIMIT


def test_no_two_views_share_a_name(views: dict[str, Callable[..., Any]]):
    """Limits are kept by name: views of one name would count for each other."""
    names = Counter(f"{view.__module__}.{view.__qualname__}" for view in views.values())

    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("kind", LIMITS)
def test_limits_are_counts_within_a_span(kind: str):
    for count, span in LIMITS[kind]:
        assert count > 0
        assert span in {"second", "minute", "hour"}


def test_views_are_short(views: dict[str, Callable[..., Any]]):
    long = {name: lines for name, lines in lengths(views) if lines > VIEW_LINES_MAX}

    assert not long, f"move what is not parsing, calling or answering into a function: {long}"


def lengths(views: dict[str, Callable[..., Any]]) -> Iterator[tuple[str, int]]:
    for name, view in views.items():
        yield name, len(inspect.getsource(inspect.unwrap(view)).splitlines())


def test_unsafe_methods_are_not_mixed_with_reading(app: Flask):
    mixed = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "GET" in (rule.methods or ())
    ]

    assert mixed == []
