"""The published rates, one by one, at the scale at which an operator runs."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.config import Settings
from tests import databases, factories, merchants, personas
from tests.authorisation.matrix import checkout_fields
from tests.factories import Mall, command
from tests.personas import Clerk, Driver, code_of

Request = Callable[[int], TestResponse]


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    return databases.settings_for(engine_url, tmp_path, RATE_LIMIT_SCALE="1")


@pytest.fixture
def mall(app: Flask) -> Mall:
    return factories.a_mall(app)


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the limits see one instant only, however long a busy machine takes for a few requests."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


def taken(request: Request, tries: int) -> int:
    """Return how many of some requests were let through; the rest must be refused politely."""
    answers = [request(number) for number in range(tries)]
    passed = [answer for answer in answers if answer.status_code != 429]
    for refused in answers[len(passed) :]:
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
    return len(passed)


def test_five_logins_a_minute_for_one_account(mall: Mall):
    def login(number: int) -> TestResponse:
        client = mall.app.test_client()
        return client.post(
            "/driver/login",
            data={"login": " Dina@Mallrun.test", "password": "x"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        )

    assert taken(login, 8) == 5


def test_ten_new_links_a_minute_from_one_counter(mall: Mall):
    carl = personas.a_clerk(mall, "Carl", mall.store)
    delivery_id = mall.places(is_by_hand=True)

    assert taken(lambda _number: carl.post(f"deliveries/{delivery_id}/link"), 12) == 10


def test_twenty_logins_a_minute_from_one_address(mall: Mall):
    def login(number: int) -> TestResponse:
        data = {"login": f"{number}@mallrun.test", "password": "x"}
        path = ("/driver/login", "/console/login")[number % 2]
        return mall.app.test_client().post(path, data=data)

    assert taken(login, 23) == 20


def test_five_claims_at_once(dina: Driver):
    assert taken(lambda _: dina.claim("run_a"), 8) == 5


def test_twenty_codes_a_minute(dina: Driver):
    def collect(_number: int) -> TestResponse:
        evidence = {"kind": "short_code", "text": "ABC123"}
        return dina.post("stops/stp_a/collect", epoch=1, evidence=evidence, position=None)

    assert taken(collect, 23) == 20


def test_codes_at_the_door_count_with_those_at_the_counter(dina: Driver):
    def either(number: int) -> TestResponse:
        step, evidence = (
            ("collect", {"kind": "short_code", "text": "ABC123"})
            if number % 2
            else ("deliver", {"kind": "pin", "pin": "123456"})
        )
        return dina.post(f"stops/stp_a/{step}", epoch=1, evidence=evidence, position=None)

    assert taken(either, 23) == 20


def test_thirty_photos_an_hour(dina: Driver):
    assert taken(lambda _: dina.photograph("dlv_a"), 33) == 30


def test_one_position_in_two_seconds(dina: Driver):
    assert taken(lambda _: dina.report(33.3, -111.8), 33) == 30


def test_twenty_clerk_codes_a_minute_on_one_tablet(carl: Clerk):
    assert taken(lambda _: carl.post("sign-in", code="999999"), 23) == 20


def test_twenty_enrolment_codes_a_minute_from_one_address(mall: Mall):
    client = mall.app.test_client()

    def enrol(number: int) -> TestResponse:
        body = command(code=f"{number:010d}", public_key=personas_key())
        return client.post("/desk/api/enrol", json=body)

    assert taken(enrol, 23) == 20


def personas_key() -> str:
    return personas.keys.public_bytes(personas.keys.new_private_key()).hex()


def test_twenty_proofs_a_minute_for_one_link(mall: Mall):
    one, other = mall.link(mall.places()), mall.link(mall.places())
    client = mall.app.test_client()

    assert taken(lambda _: client.get(f"{one}/proof"), 23) == 20
    assert client.get(f"{other}/proof").status_code == 200


def test_ten_checkouts_a_minute_from_one_address(mall: Mall):
    client, fields = mall.app.test_client(), checkout_fields()

    assert taken(lambda _: client.post("/promise/checkout", data=fields), 13) == 10


def test_ten_invitations_a_minute(mall: Mall):
    mia = merchants.signed_in(mall, mall.store)

    def invite(number: int) -> TestResponse:
        return mia.post("team", person_name="Max", email=f"{number}@{mia.person_id}.test")

    assert taken(invite, 13) == 10


def test_one_persons_count_leaves_others_alone(dina: Driver, dan: Driver):
    for _ in range(8):
        dina.claim("run_a")

    assert code_of(dan.claim("run_a")) == "not_found"


def test_refusal_is_in_the_readers_words(mall: Mall):
    client, path = mall.app.test_client(), "/driver/login?lang=es"
    answers = [client.post(path, data={"login": "a", "password": "b"}) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert answers[-1].get_json()["title"] != "Too many tries"
