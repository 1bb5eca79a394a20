"""Turning messages on and off on a phone, and who may be made to receive what."""

import base64
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.domain.push import PER_PERSON
from app.jobs.erasing import erase_records
from app.keys import is_public_key
from app.notify.models import PushSubscription
from app.persistence.transaction import session
from tests import factories, personas
from tests.factories import Mall
from tests.personas import Driver, code_of
from tests.web.bodies import POINT, PUSHED_TO

pytestmark = pytest.mark.both_engines


@pytest.fixture
def mall(app: Flask) -> Mall:
    return factories.a_mall(app)


@pytest.fixture
def dina(mall: Mall) -> Driver:
    return personas.a_driver(mall, "Dina Diaz")


def turns_on(driver: Driver, address: str = PUSHED_TO, **given: str) -> TestResponse:
    fields = {"address": address, "public_key": POINT, "auth": "A" * 22}
    return driver.post("push", **(fields | given))


def phones_of(driver: Driver) -> list[str]:
    """Return where a driver's phones take messages, in order."""
    with driver.mall.reading():
        query = select(PushSubscription.address).where(
            PushSubscription.person_id == driver.person_id
        )
        return sorted(session().scalars(query))


def test_key_is_a_point_that_browsers_take(dina: Driver):
    key: dict[str, Any] = dina.client.get("/driver/api/push/key").get_json()

    assert is_public_key(base64.urlsafe_b64decode(key["key"] + "="))


def test_on_twice_is_once_and_off_is_off(dina: Driver):
    assert turns_on(dina).status_code == 200
    assert turns_on(dina).status_code == 200
    assert phones_of(dina) == [PUSHED_TO]

    assert dina.post("push/end", address=PUSHED_TO).status_code == 200
    assert phones_of(dina) == []


def test_phone_belongs_to_who_signed_in_on_it_last(mall: Mall, dina: Driver):
    dan = personas.a_driver(mall, "Dan Dorn")
    turns_on(dina)
    turns_on(dan)

    assert (phones_of(dina), phones_of(dan)) == ([], [PUSHED_TO])


def test_nobody_turns_off_anothers_phone(mall: Mall, dina: Driver):
    dan = personas.a_driver(mall, "Dan Dorn")
    turns_on(dina)

    assert dan.post("push/end", address=PUSHED_TO).status_code == 200
    assert phones_of(dina) == [PUSHED_TO]


def test_oldest_phone_gives_way(dina: Driver):
    for number in range(PER_PERSON + 1):
        assert turns_on(dina, f"{PUSHED_TO}{number}").status_code == 200

    kept = phones_of(dina)
    assert len(kept) == PER_PERSON
    assert f"{PUSHED_TO}0" not in kept


@pytest.mark.parametrize(
    "given",
    [
        {"address": "https://example.net/hook"},
        {"public_key": "B" + "A" * 86},
    ],
)
def test_unknown_service_or_key_is_refused(dina: Driver, given: dict[str, str]):
    refused = turns_on(dina, **given)

    assert (refused.status_code, code_of(refused)) == (422, "push_unknown")
    assert phones_of(dina) == []


def test_phones_of_ended_sign_ins_are_forgotten(mall: Mall, dina: Driver):
    dan = personas.a_driver(mall, "Dan Dorn")
    turns_on(dina)
    turns_on(dan, f"{PUSHED_TO}dan")
    assert dina.client.post("/driver/api/logout").status_code == 204
    with mall.writing():
        erase_records(now=clock.now())

    assert (phones_of(dina), phones_of(dan)) == ([], [f"{PUSHED_TO}dan"])
