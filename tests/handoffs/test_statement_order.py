"""Statements that come late, twice, out of order or from a copied device."""

import dataclasses
import os
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.domain.envelope import read_envelope
from app.handoffs import queries
from tests import factories
from tests.devices import Sent, Signer, picked_up, released, tablet_of
from tests.factories import Mall
from tests.personas import Clerk, Driver
from tests.scenes import (
    delivery_named,
    label_evidence,
    open_kinds,
    result_of,
    run_jobs,
)

pytestmark = pytest.mark.both_engines

AFTER_HOLDING = timedelta(minutes=15, seconds=5)
NONE = [{"kind": "none"}]


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall of its own: these tests run every job that is due."""
    return factories.a_mall(app)


@pytest.fixture
def day(dina: Driver, carl: Clerk, phone: Signer, parcels: dict[str, int]) -> list[Sent]:
    """What Dina's phone kept without signal: collected both, brought one, failed at the other."""
    (first, second), run_id = parcels, dina.state()["run"]["id"]
    return [
        picked_up(phone, carl.shows(dina, run_id), parcels),
        phone.state("handoff.delivered", {first: 2}, evidence=NONE),
        phone.state("handoff.failed", {second: 2}, reason="refused"),
    ]


def outcomes(results: list[dict[str, Any]]) -> list[str]:
    return [result["outcome"] for result in results]


def statuses(mall: Mall, parcels: dict[str, int]) -> list[str]:
    return [delivery_named(mall, handle).status for handle in parcels]


def test_statement_waits_for_the_one_before_it(
    mall: Mall, phone: Signer, parcels: dict[str, int], day: list[Sent]
):
    early = phone.results(day[2], day[1])
    assert outcomes(early) == ["held", "held"]
    assert {result["code"] for result in early} == {"held_for_earlier"}
    assert statuses(mall, parcels) == ["enroute_to_pickup"] * 2

    (first,) = phone.results(day[0])

    assert (first["outcome"], first["flags"]) == ("applied", [])
    assert statuses(mall, parcels) == ["delivered", "enroute_to_return"]
    kept = result_of(mall, early[0]["event_id"])
    assert (kept.outcome, kept.flags) == ("applied", "")


def test_gap_is_given_up_after_a_quarter_of_an_hour(
    mall: Mall, phone: Signer, parcels: dict[str, int], day: list[Sent]
):
    (held,) = phone.results(day[2])
    run_jobs(mall, clock.now() + timedelta(minutes=14))
    assert result_of(mall, held["event_id"]).outcome == "held"

    run_jobs(mall, clock.now() + AFTER_HOLDING)

    kept = result_of(mall, held["event_id"])
    assert (kept.outcome, kept.flags) == ("applied", "gap")
    assert statuses(mall, parcels) == ["enroute_to_pickup", "enroute_to_return"]


def test_statement_after_its_place_was_given_up_still_counts(
    mall: Mall, phone: Signer, parcels: dict[str, int], day: list[Sent]
):
    phone.results(day[2])
    run_jobs(mall, clock.now() + AFTER_HOLDING)

    late = phone.results(day[0], day[1])

    assert outcomes(late) == ["applied", "applied"]
    assert [result["flags"] for result in late] == [["late"], ["late"]]
    assert statuses(mall, parcels) == ["delivered", "enroute_to_return"]
    assert all(open_kinds(mall, delivery_named(mall, handle).id) == {} for handle in parcels)


def test_statement_that_was_held_is_a_duplicate_afterwards(phone: Signer, day: list[Sent]):
    phone.results(day[1])
    (again,) = phone.results(day[1])
    assert (again["outcome"], again["original"]) == ("duplicate", "held")

    phone.results(day[0])
    (again,) = phone.results(day[1])

    assert (again["outcome"], again["original"]) == ("duplicate", "applied")
    assert again["leaf_hash"]


def test_batch_with_everything_twice_counts_once(
    mall: Mall, phone: Signer, parcels: dict[str, int], day: list[Sent]
):
    found = phone.results(*day, *day)

    assert outcomes(found) == ["applied"] * 3 + ["duplicate"] * 3
    assert statuses(mall, parcels) == ["delivered", "enroute_to_return"]
    for handle in parcels:
        assert mall.events(delivery_named(mall, handle).id).count("handoff.picked_up") == 1


def test_delivery_before_its_collection_infers_it(
    mall: Mall, phone: Signer, parcels: dict[str, int], day: list[Sent]
):
    handle, at = next(iter(parcels)), clock.now() - timedelta(hours=2)
    lone = dataclasses.replace(phone, seq=0, prev="0" * 64)
    lone.results(lone.state("handoff.delivered", {handle: 2}, evidence=NONE, at=at))
    row = delivery_named(mall, handle)
    assert (row.status, row.is_verification_pending) == ("delivered", True)
    inferred_at = row.picked_up_at

    collected = picked_up(lone, phone_text(day[0]), parcels, at=clock.now() - timedelta(minutes=1))
    (result,) = lone.results(collected)

    row = delivery_named(mall, handle)
    assert (result["outcome"], result["level"]) == ("applied", "E2")
    assert (row.status, row.is_verification_pending) == ("delivered", False)
    assert row.picked_up_at != inferred_at


def phone_text(sent: Sent) -> str:
    """Return the release code that a statement embeds."""
    (text,) = read_envelope(sent["envelope"]).statement.texts("release_code")
    return text


def test_code_that_counted_is_kept_once_more_without_effect(
    mall: Mall, phone: Signer, parcels: dict[str, int], day: list[Sent]
):
    phone.results(day[0])

    (again,) = phone.results(*day[1:], picked_up(phone, phone_text(day[0]), parcels))[2:]

    assert (again["outcome"], again["code"]) == ("recorded", "duplicate_handoff")
    assert statuses(mall, parcels) == ["delivered", "enroute_to_return"]
    for handle in parcels:
        types = mall.events(delivery_named(mall, handle).id)
        assert types.count("handoff.picked_up") == types.count("statement.recorded") == 1
        assert open_kinds(mall, delivery_named(mall, handle).id) == {}


def test_code_that_counted_in_part_counts_for_the_rest(
    mall: Mall, dina: Driver, carl: Clerk, phone: Signer, parcels: dict[str, int]
):
    text = carl.shows(dina, dina.state()["run"]["id"])
    one = dict(list(parcels.items())[:1])
    phone.results(picked_up(phone, text, one))

    (rest,) = phone.results(picked_up(phone, text, parcels))

    assert (rest["outcome"], rest["code"]) == ("applied", None)
    assert statuses(mall, parcels) == ["enroute_to_dropoff"] * 2


def test_labels_that_counted_are_used(mall: Mall, phone: Signer, parcels: dict[str, int]):
    handle = next(iter(parcels))
    evidence = label_evidence(mall, delivery_named(mall, handle))
    beside = {"geo": "33.301000,-111.898000,12"}
    phone.results(phone.state("handoff.picked_up", {handle: 2}, evidence=evidence, beside=beside))
    tomorrow = clock.now() + timedelta(hours=11)

    with clock.frozen(tomorrow):
        (again,) = phone.results(
            phone.state("handoff.picked_up", {handle: 2}, evidence=evidence, beside=beside)
        )

    assert (again["outcome"], again["code"]) == ("recorded", "already_used")


def test_every_arrival_has_its_place_in_the_servers_order(
    mall: Mall, carl: Clerk, phone: Signer, parcels: dict[str, int], day: list[Sent]
):
    tablet = tablet_of(carl)
    released(tablet, [os.urandom(8)], parcels)

    places = [result["server_seq"] for result in (phone.results(day[1]) + tablet.results())] + [
        result["server_seq"] for result in phone.results(day[0], day[2])
    ]

    assert places == sorted(set(places))
    with mall.reading():
        chain = queries.device_chain(phone.kid)
        assert chain is not None
        assert (chain.seq, chain.sha256) == (3, phone.prev)
