"""Redis away: live updates and shared counts are poorer, claims, scans and tracking go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.extensions import limiter, socketio
from tests import databases, factories
from tests.factories import Mall
from tests.journeys import claimed, collected
from tests.personas import Clerk, Driver


@pytest.fixture(autouse=True)
def _same_extensions_afterwards() -> Iterator[None]:
    """Limiter and sockets are one for all applications: what they learn here must not stay."""
    kept = [(extension, dict(vars(extension))) for extension in (limiter, socketio)]
    yield
    for extension, before in kept:
        vars(extension).clear()
        vars(extension).update(before)


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    return databases.settings_for(engine_url, tmp_path, REDIS_URL="redis://127.0.0.1:1/0")


@pytest.fixture
def mall(app: Flask) -> Mall:
    return factories.a_mall(app)


def test_run_is_claimed_and_collected(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)

    answer = dina.collect(carl.shows(dina, run_id))

    assert answer.status_code == 200
    assert mall.run(run_id).status == "delivering"


def test_tracking_page_answers_without_a_position(mall: Mall, dina: Driver, carl: Clerk):
    (row,) = mall.deliveries_of(collected(dina, carl))

    reported = dina.report(33.311, -111.883)
    page = mall.app.test_client().get(f"{mall.link(row.id)}/state")

    assert (reported.status_code, page.status_code) == (204, 200)
    assert page.get_json()["position"] is None
