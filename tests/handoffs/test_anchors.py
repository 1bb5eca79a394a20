"""The provable window begins with the newest checkpoint that a statement or its code knew."""

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.domain.events import EventType
from app.eventlog import queries as eventlog
from app.eventlog.service import facts_of
from tests import factories
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.personas import Clerk, Driver, a_clerk, a_driver
from tests.sealing import read, seal

pytestmark = pytest.mark.both_engines


@pytest.fixture
def people(app: Flask) -> tuple[Mall, Driver, Clerk, str]:
    mall = factories.a_mall(app)
    dina, carl = a_driver(mall, "Dina Diaz"), a_clerk(mall, "Carl", mall.store)
    return mall, dina, carl, claimed(dina)


def window(mall: Mall, run_id: str) -> tuple[int, int]:
    """Return begin and end of what is proved about the only collection of a run."""
    row = mall.only_delivery(run_id)
    with mall.reading():
        (event,) = eventlog.timeline(row.id, [EventType.HANDOFF_PICKED_UP])
        begin, end = json.loads(json.dumps(facts_of(event.record)["window"]))
    return begin, end


def anchored(app: Flask) -> tuple[str, int]:
    """Sign a checkpoint and return its anchor and when that was, in milliseconds."""
    seal(app)
    anchor, at = read(app, "select anchor, created_at from checkpoint order by size")[-1]
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(f"{at}+00:00")
    return anchor, int(moment.timestamp() * 1000)


def test_anchor_of_the_statement_bounds_the_window(
    app: Flask, people: tuple[Mall, Driver, Clerk, str]
):
    mall, dina, carl, run_id = people
    parcels = handles_of(mall.deliveries_of(run_id))
    anchor, at_ms = anchored(app)

    phone = phone_of(dina)
    phone.results(picked_up(phone, carl.shows(dina, run_id), parcels, anchor=anchor))

    assert window(mall, run_id)[0] == at_ms


def test_anchor_inside_the_scanned_code_bounds_it_too(
    app: Flask, people: tuple[Mall, Driver, Clerk, str]
):
    mall, dina, carl, run_id = people
    parcels = handles_of(mall.deliveries_of(run_id))
    anchor, at_ms = anchored(app)

    phone = phone_of(dina)
    code = carl.shows(dina, run_id, anchor=bytes.fromhex(anchor))
    phone.results(picked_up(phone, code, parcels))

    assert window(mall, run_id)[0] == at_ms


@pytest.mark.parametrize(
    ("anchor", "flags"),
    [("0" * 16, []), ("ab" * 8, ["anchor_unknown"])],
    ids=["none", "never signed"],
)
def test_without_a_known_anchor_the_window_has_no_begin(
    app: Flask, people: tuple[Mall, Driver, Clerk, str], anchor: str, flags: list[str]
):
    mall, dina, carl, run_id = people
    anchored(app)
    parcels = handles_of(mall.deliveries_of(run_id))

    phone = phone_of(dina)
    code = carl.shows(dina, run_id)
    (result,) = phone.results(picked_up(phone, code, parcels, anchor=anchor))

    assert window(mall, run_id)[0] == 0
    # Another history than ours: that shows a log that was written anew, or a made-up anchor.
    assert (result["outcome"], result["flags"]) == ("applied", flags)


def test_time_before_the_anchor_is_replaced_and_flagged(
    app: Flask, people: tuple[Mall, Driver, Clerk, str]
):
    mall, dina, carl, run_id = people
    parcels = handles_of(mall.deliveries_of(run_id))
    anchor, at_ms = anchored(app)
    early = clock.now() - timedelta(hours=2)

    phone = phone_of(dina)
    code = carl.shows(dina, run_id, iat=int(early.timestamp()))
    (result,) = phone.results(picked_up(phone, code, parcels, anchor=anchor, at=early))

    assert (result["outcome"], result["flags"]) == ("applied", ["clock_behind"])
    row = mall.only_delivery(run_id)
    assert int(row.picked_up_at.timestamp() * 1000) == at_ms
