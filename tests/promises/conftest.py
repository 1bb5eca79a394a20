"""Fixtures of the promises: how often they are repeated, and the crowd they are tried with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.config import Settings
from app.persistence.transaction import transaction
from tests.promises import crowd, serving
from tests.promises.forked import Forks
from tests.promises.racing import DRIVERS, Race
from tests.promises.serving import Server


@pytest.fixture
def rounds(is_full: bool) -> int:  # noqa: FBT001 - a fixture is not called by hand.
    return 200 if is_full else 10


@pytest.fixture
def races(app: Flask, rounds: int) -> list[Race]:
    """Fresh drivers for each round, because a winner has a run and may not take a second one."""
    now = clock.now()
    with app.app_context(), transaction():
        place = crowd.add_place()
        run_ids = crowd.add_runs(rounds, place, now=now)
        drivers = crowd.add_drivers(rounds * DRIVERS, place.site_id, now=now)
    return [
        Race(run_id, drivers[number * DRIVERS : (number + 1) * DRIVERS])
        for number, run_id in enumerate(run_ids)
    ]


@pytest.fixture
def server(
    forks: Forks,
    settings: Settings,
    tmp_path: Path,
    races: list[Race],  # noqa: ARG001 - rows first: a SQLite file has one writing process.
) -> Iterator[Server]:
    log = tmp_path / "server.log"
    with forks.running_server(serving.environment(settings), log=log) as running:
        yield running
