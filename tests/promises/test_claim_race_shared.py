"""Promise: two server processes on one PostgreSQL let one of fifty drivers win, as one does."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from tests import databases
from tests.promises import serving
from tests.promises.forked import Forks
from tests.promises.racing import Race, require_one_owner_in_rows, run_all
from tests.servers import Postgres

pytestmark = [pytest.mark.promise, pytest.mark.slow]


@pytest.fixture
def engine_url(postgres_template: Postgres) -> Iterator[str]:
    with databases.postgres_copy(postgres_template) as url:
        yield url


def test_two_processes_agree_on_one_winner(
    app: Flask,
    settings: Settings,
    forks: Forks,
    races: list[Race],
    redis_url: str,
    tmp_path: Path,
):
    shared = serving.environment(settings, MALL_REDIS_URL=redis_url)
    with contextlib.ExitStack() as running:
        pair = [
            running.enter_context(forks.running_server(shared, log=tmp_path / f"{name}.log"))
            for name in ("first", "second")
        ]
        winners = run_all(pair, races)

    require_one_owner_in_rows(app, winners)
