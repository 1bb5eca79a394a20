"""Devices with two histories, copied or emptied: what they spoke about is shown to a person."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from tests import factories
from tests.devices import Signer
from tests.factories import Mall
from tests.personas import Driver
from tests.scenes import claimed_parcels, delivery_named, open_kinds, run_jobs

pytestmark = pytest.mark.both_engines

AFTER_HOLDING = timedelta(minutes=15, seconds=5)
NONE = [{"kind": "none"}]


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall of its own: these tests run every job that is due."""
    return factories.a_mall(app)


@pytest.mark.parametrize("copy_first", [False, True])
def test_copied_phone_shows_by_two_statements_of_one_number(
    mall: Mall, phone: Signer, parcels: dict[str, int], *, copy_first: bool
):
    first, second = parcels
    copy = dataclasses.replace(phone, kept=[])
    phone.state("handoff.delivered", {first: 2}, evidence=NONE)
    copy.state("handoff.delivered", {second: 2}, evidence=NONE)

    found = [each.results()[0] for each in ((copy, phone) if copy_first else (phone, copy))]

    assert [result["outcome"] for result in found] == ["applied", "applied"]
    assert [result["flags"] for result in found] == [[], ["fork"]]
    for handle in parcels:
        assert open_kinds(mall, delivery_named(mall, handle).id) == {"device_fork": True}


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1), (1, 2, 0)])
def test_what_follows_a_copied_number_is_shown_too(
    mall: Mall, dina: Driver, phone: Signer, order: tuple[int, ...]
):
    _, parcels = claimed_parcels(dina, {}, {"merchant_ref": "A-2"}, {"merchant_ref": "A-3"})
    first, second, third = parcels
    copy = dataclasses.replace(phone, kept=[])
    everything = [
        phone.state("handoff.delivered", {first: 2}, evidence=NONE),
        phone.state("handoff.delivered", {second: 2}, evidence=NONE),
        copy.state("handoff.delivered", {third: 2}, evidence=NONE),
    ]

    for number in order:
        phone.results(everything[number])

    for handle in parcels:
        row = delivery_named(mall, handle)
        assert (row.status, open_kinds(mall, row.id)) == ("delivered", {"device_fork": True})


@pytest.mark.parametrize("number", [0, 1])
def test_statement_that_does_not_follow_the_one_before_is_shown(
    mall: Mall, phone: Signer, parcels: dict[str, int], number: int
):
    first, second = parcels
    for at, handle in enumerate((first, second)):
        if at == number:
            phone.prev = "ab" * 32
        phone.state("handoff.delivered", {handle: 2}, evidence=NONE)

    found = phone.results()

    assert found[number]["flags"] == ["chain_broken"]
    shown = [open_kinds(mall, delivery_named(mall, handle).id) for handle in parcels]
    assert shown == [{"device_fork": True} if at == number else {} for at in range(2)]


def test_late_statement_that_does_not_fit_is_shown(
    mall: Mall, phone: Signer, parcels: dict[str, int]
):
    first, second = parcels
    missing = phone.state("handoff.delivered", {first: 2}, evidence=NONE)
    phone.prev = "ab" * 32
    phone.results(phone.state("handoff.delivered", {second: 2}, evidence=NONE))
    run_jobs(mall, clock.now() + AFTER_HOLDING)
    assert open_kinds(mall, delivery_named(mall, second).id) == {}

    phone.results(missing)

    assert open_kinds(mall, delivery_named(mall, second).id) == {"device_fork": True}
