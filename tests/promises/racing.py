"""Fifty drivers and one run: starting the race, and what must be true after it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Driver
from app.eventlog.models import EventRow
from app.persistence.transaction import session
from app.runs.models import Claim, Run
from app.sync.models import CommandRow
from tests.promises import serving
from tests.promises.crowd import RunShape, SignedInDriver
from tests.promises.serving import Answer, Server, Tap

DRIVERS = 50
EVENTS_PER_CLAIM = RunShape().door_count
LOST = {"already_claimed", "run_gone"}


@dataclass(frozen=True, slots=True)
class Race:
    """One run and the fifty who want it."""

    run_id: str
    drivers: Sequence[SignedInDriver]


def claim_tap(server: Server, run_id: str, driver: SignedInDriver, body: bytes) -> Tap:
    """Return a claim that waits for the start."""
    return Tap(server, f"/driver/api/runs/{run_id}/claim", token=driver.token, body=body)


def run_all(servers: Sequence[Server], races: Sequence[Race]) -> dict[str, str]:
    """Run the races one after the other, requests spread over the servers.

    Returns: who won, by run.
    """
    winners: dict[str, str] = {}
    for one in races:
        taps = [
            claim_tap(servers[number % len(servers)], one.run_id, driver, serving.command_body())
            for number, driver in enumerate(one.drivers)
        ]
        winner = _winner_of(one, serving.all_at_once(taps))
        for server in servers:
            _require_one_owner_in_lists(server, one, winner)
        winners[one.run_id] = winner.person_id
    return winners


def _winner_of(one: Race, answers: Sequence[Answer]) -> SignedInDriver:
    """Return who won, once it is sure that nobody else did and that the others heard why."""
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {200: 1, 409: DRIVERS - 1}, [answer.body for answer in answers]
    assert {answer.body["code"] for answer in answers if answer.status == 409} <= LOST
    return next(
        driver for driver, answer in zip(one.drivers, answers, strict=True) if answer.status == 200
    )


def _require_one_owner_in_lists(server: Server, one: Race, winner: SignedInDriver) -> None:
    """Every driver's list says the same: the winner has the run, nobody is offered it."""
    loser = next(driver for driver in one.drivers if driver != winner)
    won = serving.get(server, "/driver/api/state", token=winner.token).body
    lost = serving.get(server, "/driver/api/state", token=loser.token).body
    assert won["run"]["id"] == one.run_id
    assert lost["run"] is None
    assert one.run_id not in {offer["id"] for offer in lost["offers"]}


def require_one_owner_in_rows(app: Flask, winners: dict[str, str]) -> None:
    """Every table names the winner of each run, and nobody else."""
    with app.app_context():
        owners = session().execute(select(Run.id, Run.driver_id, Run.status, Run.epoch)).all()
        claims = session().execute(select(Claim.run_id, Claim.driver_id)).all()
        holding = session().scalars(select(Driver.person_id).where(Driver.active_runs > 0)).all()
        commands = session().scalars(select(CommandRow.principal)).all()
        told = claim_events_by_actor()
    principals = sorted(f"driver:{driver_id}" for driver_id in winners.values())
    assert {row.id: row.driver_id for row in owners} == winners
    assert {(row.status, row.epoch) for row in owners} == {("claimed", 1)}
    assert sorted(map(tuple, claims)) == sorted(winners.items())
    assert sorted(holding) == sorted(winners.values())
    assert sorted(commands) == principals
    assert told == dict.fromkeys(principals, EVENTS_PER_CLAIM)


def claim_events_by_actor() -> dict[str, int]:
    """Return how many events `run.claimed` each actor caused: one per delivery of a run."""
    counts = session().execute(
        select(EventRow.actor, func.count())
        .where(EventRow.type == "run.claimed")
        .group_by(EventRow.actor)
    )
    return {actor: count for actor, count in counts}  # noqa: C416 - rows are no pairs to a checker.
