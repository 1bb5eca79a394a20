"""Every address is asked as everybody: the answers are those of the matrix."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests import databases, factories
from tests.authorisation.matrix import HIDDEN, LOGIN, MATRIX, PRINCIPALS, YES, Line
from tests.authorisation.world import World, a_world, outcome

#: Names in addresses that stand for an object which somebody may not see.
OBJECTS = (
    "run",
    "offer",
    "delivery",
    "incident",
    "statement",
    "pickup",
    "dropoff",
    "site",
    "store",
    "desk",
    "clerk",
    "driver_id",
    "block",
    "key",
    "quote",
    "webhook",
    "proposal",
    "member",
    "upload",
)


@pytest.fixture(scope="session")
def beginning(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], World]]:
    """Return to the one situation, set up once: the file as it was, and everybody's cookies."""
    folder = tmp_path_factory.mktemp("matrix")
    with databases.own_app("sqlite", sqlite_template, folder) as app:
        told = a_world(factories.a_mall(app))
        databases.disconnect(app)
        file, kept = folder / databases.SQLITE_FILE, folder / "kept.sqlite3"
        shutil.copy(file, kept)

        def again() -> World:
            databases.disconnect(app)
            shutil.copy(kept, file)
            return told.with_fresh_browsers()

        yield again


@pytest.fixture
def world(beginning: Callable[[], World]) -> World:
    return beginning()


def method_of(app: Flask, endpoint: str) -> str:
    (rule,) = app.url_map.iter_rules(endpoint)
    (method,) = set(rule.methods or ()) - {"HEAD", "OPTIONS"}
    return method


def refused_by(line: Line) -> list[str]:
    """Return who is refused; they ask first, so that they ask about the whole situation."""
    return [principal for principal in PRINCIPALS if line.may[principal] is not YES]


def let_through_by(line: Line) -> list[str]:
    """Return who is let through, only one of them where the first would take the object away."""
    allowed = [principal for principal in PRINCIPALS if line.may[principal] is YES]
    return allowed[:1] if line.takes_away else allowed


def test_every_address_is_in_the_matrix(app: Flask):
    assert set(app.view_functions) == set(MATRIX)


def test_every_address_is_that_of_its_view(app: Flask):
    adapter = app.url_map.bind("localhost")

    for endpoint, line in MATRIX.items():
        path = line.address.partition("?")[0].replace("{link}", "/t/x")
        found, _values = adapter.match(path, method=method_of(app, endpoint))
        assert found == endpoint


@pytest.mark.parametrize("endpoint", MATRIX)
def test_address_answers_everybody_as_the_matrix_says(world: World, endpoint: str):
    line, method = MATRIX[endpoint], method_of(world.mall.app, endpoint)
    before = situation(world)

    refused = {who: outcome(world.ask(who, method, line)) for who in refused_by(line)}
    after = situation(world)
    passed = {who: outcome(world.ask(who, method, line)) for who in let_through_by(line)}

    assert refused | passed == {who: line.may[who] for who in refused | passed}
    assert after == before


TAKEN_AWAY = [
    (endpoint, who)
    for endpoint, line in MATRIX.items()
    if line.takes_away
    for who in PRINCIPALS
    if line.may[who] is YES
]


@pytest.mark.parametrize(("endpoint", "who"), TAKEN_AWAY)
def test_each_of_the_allowed_may_take_it_away(world: World, endpoint: str, who: str):
    answer = world.ask(who, method_of(world.mall.app, endpoint), MATRIX[endpoint])

    assert outcome(answer) is YES


def situation(world: World) -> tuple[object, object]:
    """Return what a request that was refused must not have changed."""
    return world.mall.run(world.ids["run"]), world.mall.delivery(world.ids["delivery"])


def lines_with_objects() -> list[str]:
    return [
        endpoint
        for endpoint, line in MATRIX.items()
        if any(f"{{{name}}}" in line.address for name in OBJECTS)
    ]


@pytest.mark.parametrize("endpoint", lines_with_objects())
def test_what_is_not_there_looks_like_what_is_not_mine(world: World, endpoint: str):
    line, method = MATRIX[endpoint], method_of(world.mall.app, endpoint)
    missing = replace(world, ids=dict(world.ids) | dict.fromkeys(OBJECTS, "dlv_nothing"))

    # Those who are hidden from first: the allowed may take the object away.
    for who in sorted(PRINCIPALS, key=lambda each: line.may[each] is YES):
        answer = missing.ask(who, method, line)
        assert outcome(answer) is (LOGIN if line.may[who] is LOGIN else HIDDEN), who
        if line.may[who] is HIDDEN:
            assert said(answer) == said(world.ask(who, method, line))


def said(answer) -> tuple[int, object]:
    """Return an answer without the address it repeats."""
    body = answer.get_json(silent=True)
    return answer.status_code, {**body, "instance": ""} if body else len(answer.data) > 0
