"""Promise: of fifty who want a new run the best fit has it, also when the server dies meanwhile.

As the race without a window: the server runs in its own process, and the requests are real ones.
Its clock stands still, so that the window is over when everybody has asked.
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.persistence.transaction import session
from app.runs.models import OfferAsk, Run
from tests import databases
from tests.promises import serving
from tests.promises.forked import Forks
from tests.promises.held_clock import LOOK_EVERY_S, HeldClock
from tests.promises.racing import DRIVERS, Race, claim_tap, require_one_owner_in_rows, run_all
from tests.promises.serving import Server, Tap
from tests.servers import free_port

pytestmark = [pytest.mark.promise, pytest.mark.slow, pytest.mark.both_engines]

WINDOW: Final = timedelta(seconds=2)
ASKERS: Final = 5
NEAREST: Final = 3


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    window_s = str(int(WINDOW.total_seconds()))
    return databases.settings_for(engine_url, tmp_path, OFFER_WINDOW_S=window_s)


@pytest.fixture
def rounds() -> int:
    return 1


@pytest.fixture
def held(app: Flask, races: list[Race], tmp_path: Path) -> HeldClock:
    """The clock of the servers; it stands where the only run's window opens."""
    clock = HeldClock(tmp_path / "now")
    with app.app_context():
        run = session().get(Run, races[0].run_id)
        assert run is not None
        clock.hold(run.created_at)
    return clock


def asks(app: Flask) -> dict[str, str | None]:
    """Return who asked, and what became of it."""
    with app.app_context():
        rows = session().execute(select(OfferAsk.driver_id, OfferAsk.outcome)).all()
    return {row.driver_id: row.outcome for row in rows}


def ask_all(server: Server, race: Race, held: HeldClock) -> None:
    """Let some drivers ask in turn, one of them from the entrance, the others from far away."""
    for number, driver in enumerate(race.drivers[:ASKERS]):
        lat = 33.3012 if number == NEAREST else 33.3712
        here = {"lat": lat, "lon": -111.8990, "accuracy_m": 9}
        path = f"/driver/api/runs/{race.run_id}/ask"
        body = serving.command_body(position=here, occurred_at=held.now().isoformat())
        (answer,) = serving.all_at_once([Tap(server, path, token=driver.token, body=body)])
        assert answer.status == 200, answer.body


def test_fifty_claims_in_the_window_wait_and_one_wins(
    app: Flask,
    settings: Settings,
    forks: Forks,
    races: list[Race],
    held: HeldClock,
    tmp_path: Path,
):
    environment = serving.environment(settings)
    command = ("-m", "tests.promises.held_server", str(held.file))

    with (
        forks.running_server(environment, command, log=tmp_path / "server.log") as server,
        ThreadPoolExecutor(1) as runner,
    ):
        racing = runner.submit(run_all, [server], races)
        while len(asks(app)) < DRIVERS and not racing.done():
            time.sleep(LOOK_EVERY_S)
        is_early, told_early = racing.done(), set(asks(app).values())
        held.go_on(held.now() + WINDOW)
        winners = racing.result()

    assert not is_early
    assert told_early == {None}
    require_one_owner_in_rows(app, winners)
    told = asks(app)
    assert len(told) == DRIVERS
    assert [driver for driver, outcome in told.items() if outcome == "won"] == [*winners.values()]


def test_server_killed_at_the_end_of_the_window_answers_once_it_is_back(
    app: Flask,
    settings: Settings,
    forks: Forks,
    races: list[Race],
    held: HeldClock,
    tmp_path: Path,
):
    (race,), environment, port = races, serving.environment(settings), free_port()
    log, command = tmp_path / "server.log", ("-m", "tests.promises.held_server", str(held.file))

    with forks.running_server(environment, command, port=port, log=log) as server:
        ask_all(server, race, held)
        held.go_on(held.now() + WINDOW)
        os.kill(server.pid, signal.SIGKILL)
    with forks.running_server(environment, command, port=port, log=log) as server:
        late = claim_tap(server, race.run_id, race.drivers[-1], serving.command_body())
        (answer,) = serving.all_at_once([late])

    assert (answer.status, answer.body["code"]) == (409, "already_claimed")
    best = race.drivers[NEAREST].person_id
    others = {each.person_id: "lost" for each in race.drivers[:ASKERS]}
    assert asks(app) == others | {best: "won"}
    with app.app_context():
        run = session().get(Run, race.run_id)
        assert run is not None
        assert (run.driver_id, run.epoch, run.status) == (best, 1, "claimed")
