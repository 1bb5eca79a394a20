"""Signed statements: kept always, counted once, whatever the order in which they arrive."""

import os

import pytest

from tests.devices import phone_of, picked_up, released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines


def test_scanned_release_moves_custody(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    parcels = handles_of(mall.deliveries_of(run_id))
    phone = phone_of(dina)

    (result,) = phone.results(picked_up(phone, carl.shows(dina, run_id), parcels))

    assert (result["outcome"], result["level"], result["code"]) == ("applied", "E2", None)
    row = mall.only_delivery(run_id)
    assert (row.status, row.verification) == ("enroute_to_dropoff", "E2")
    assert mall.holders(row.id) == {("driver", dina.person_id)}


@pytest.mark.parametrize("tablet_first", [False, True])
def test_both_sides_make_it_mutual(mall: Mall, dina: Driver, carl: Clerk, *, tablet_first: bool):
    run_id, nonce = claimed(dina), os.urandom(8)
    parcels = handles_of(mall.deliveries_of(run_id))
    phone, tablet = phone_of(dina), tablet_of(carl)
    picked_up(phone, carl.shows(dina, run_id, nonce=nonce), parcels)
    released(tablet, [nonce], parcels)

    outcomes = [
        device.results()[0]["outcome"]
        for device in ((tablet, phone) if tablet_first else (phone, tablet))
    ]

    assert outcomes == ["applied", "applied"]
    row = mall.only_delivery(run_id)
    assert (row.status, row.verification) == ("enroute_to_dropoff", "E3")
    assert mall.events(row.id).count("handoff.picked_up") == 1


def test_same_statement_again_is_a_duplicate(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    phone = phone_of(dina)
    picked_up(phone, carl.shows(dina, run_id), handles_of(mall.deliveries_of(run_id)))
    (first,) = phone.results()

    (again,) = phone.results()

    assert (again["outcome"], again["original"]) == ("duplicate", "applied")
    assert (again["server_seq"], again["leaf_hash"]) == (first["server_seq"], first["leaf_hash"])
