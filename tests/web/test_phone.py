"""A driver's phone: enrolled by proof of its key, one at a time."""

import pytest

from app.accounts import queries
from tests.devices import enrol
from tests.factories import Mall
from tests.personas import Driver, code_of

pytestmark = pytest.mark.both_engines


def test_new_phone_retires_the_one_before(mall: Mall, dina: Driver):
    answer = enrol(dina)

    kid = answer.get_json()["result"]["kid"]
    assert dina.state()["device"]["kid"] == kid != dina.kid
    with mall.reading():
        old = queries.device(dina.kid)
        assert old is not None
        assert old.retired_at is not None


def test_signature_by_another_key_is_refused(dina: Driver):
    assert code_of(enrol(dina, forged=True)) == "device_key_invalid"
    assert dina.state()["device"]["kid"] == dina.kid


def test_challenge_of_another_driver_is_refused(dina: Driver, dan: Driver):
    challenge = dan.state()["device"]["challenge"]

    assert code_of(enrol(dina, challenge=challenge)) == "device_key_invalid"


def test_made_up_challenge_is_refused(dina: Driver):
    assert code_of(enrol(dina, challenge="made-up")) == "device_key_invalid"


def test_duty_needs_a_site(dina: Driver):
    refusals = [dina.post("duty", on_duty=True, site_id=site) for site in (None, "", "sit_nowhere")]

    assert [code_of(refused) for refused in refusals] == ["not_found"] * 3


def test_off_duty_no_offers(mall: Mall, dina: Driver):
    mall.offers()

    answer = dina.post("duty", on_duty=False, site_id=None)

    assert answer.get_json()["state"]["offers"] == []


def test_own_photo_is_missing_until_there_is_one(dina: Driver):
    assert code_of(dina.client.get("/driver/api/photo/me")) == "not_found"
