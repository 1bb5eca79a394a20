"""The tracking link: exactly right, or nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.config import Settings
from app.deliveries.models import Delivery
from app.domain.delivery import LINK_LIFE
from tests import databases, factories
from tests.factories import Mall, command
from tests.journeys import at_door
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


@pytest.fixture
def cleo(mall: Mall) -> FlaskClient:
    """Cleo's browser."""
    return mall.app.test_client()


def neighbours(token: str) -> list[str]:
    """Return tokens that differ from a right one by very little."""
    changed = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        for place in (0, 5, 11, 12, 13, 30, 43)
    ]
    return [*changed, token.upper(), token.lower(), token.swapcase(), token[:-1], token + "A"]


def test_right_link_opens_the_page(mall: Mall, cleo: FlaskClient):
    answer = cleo.get(mall.link(mall.places()), headers={"Accept": "text/html"})

    assert answer.status_code == 200
    assert "Lumen" in answer.text


def test_every_near_link_is_the_same_nothing(mall: Mall, cleo: FlaskClient):
    token = mall.link(mall.places()).removeprefix("/t/")
    wrong = cleo.get(f"/t/{'0' * 44}/state").get_json()

    for near in neighbours(token):
        answer = cleo.get(f"/t/{near}/state")

        assert answer.status_code == 404
        assert answer.get_json() | {"instance": ""} == wrong | {"instance": ""}


@pytest.mark.parametrize("below", ["", "/state", "/code.svg", "/proof.jpg"])
@pytest.mark.parametrize("token", ["x", "0" * 44, "a" * 5000, "%2e%2e", "\N{WRAPPED PRESENT}"])
def test_made_up_links_end_in_404(cleo: FlaskClient, token: str, below: str):
    assert cleo.get(f"/t/{token}{below}").status_code == 404


def test_proof_of_one_link_does_not_open_another(mall: Mall, cleo: FlaskClient):
    mine, other = (mall.link(mall.places()).removeprefix("/t/") for _ in range(2))

    assert cleo.get(f"/t/{other[:12]}{mine[12:]}/state").status_code == 404


def test_raised_version_ends_the_link(mall: Mall, cleo: FlaskClient):
    delivery_id = mall.places()
    old = mall.link(delivery_id)
    with mall.writing() as session:
        row = session.get(Delivery, delivery_id)
        assert row is not None
        row.tracking_version += 1

    assert cleo.get(f"{old}/state").status_code == 404
    assert cleo.get(f"{mall.link(delivery_id)}/state").status_code == 200


def test_link_shows_nothing_a_day_after_the_end(
    mall: Mall, dina: Driver, carl: Clerk, cleo: FlaskClient
):
    stop = at_door(dina, carl)
    link = mall.link(stop["delivery"]["id"])
    dina.deliver(stop)
    wrong = cleo.get(f"/t/{'0' * 44}/state").get_json()

    with clock.frozen(clock.now() + LINK_LIFE - timedelta(minutes=1)):
        assert cleo.get(f"{link}/state").status_code == 200
    with clock.frozen(clock.now() + LINK_LIFE + timedelta(minutes=1)):
        answers = [cleo.get(f"{link}{below}") for below in ("/state", "/code.svg", "/proof.jpg")]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].get_json() | {"instance": ""} == wrong | {"instance": ""}


def test_person_with_a_dead_link_gets_a_page(cleo: FlaskClient):
    answer = cleo.get(f"/t/{'0' * 44}", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_reading_changes_nothing(mall: Mall, cleo: FlaskClient):
    delivery_id = mall.places()
    before, events = mall.delivery(delivery_id), mall.events(delivery_id)

    for below in ("", "/state", "/code.svg", "/proof.jpg"):
        for method in (cleo.get, cleo.head):
            method(f"{mall.link(delivery_id)}{below}", headers={"User-Agent": "preview-bot"})

    assert (mall.delivery(delivery_id), mall.events(delivery_id)) == (before, events)


def test_photo_of_another_link_is_not_found(
    mall: Mall, dina: Driver, carl: Clerk, cleo: FlaskClient
):
    stop = at_door(dina, carl, proof="photo")
    delivery_id = stop["delivery"]["id"]
    before = cleo.get(f"{mall.link(delivery_id)}/proof.jpg").status_code
    photo_id = dina.photograph(delivery_id).get_json()["result"]["photo_id"]
    unproven = cleo.get(f"{mall.link(delivery_id)}/proof.jpg").status_code
    dina.deliver(stop, "photo", photo_id=photo_id)

    own = cleo.get(f"{mall.link(delivery_id)}/proof.jpg")
    other = cleo.get(f"{mall.link(mall.places())}/proof.jpg")

    assert (before, unproven, own.status_code, other.status_code) == (404, 404, 200, 404)
    assert own.mimetype == "image/jpeg"
    assert "sandbox" in own.headers["Content-Security-Policy"]
    assert own.headers["Cache-Control"] == "no-store"


class TestLimits:
    @pytest.fixture
    def settings(self, engine_url: str, tmp_path) -> Settings:
        return databases.settings_for(engine_url, tmp_path, RATE_LIMIT_SCALE="1")

    @pytest.fixture
    def mall(self, app: Flask) -> Mall:
        return factories.a_mall(app)

    def test_twenty_misses_a_minute_and_then_no_more(self, cleo: FlaskClient):
        tries = [cleo.get(f"/t/{number:044d}/state") for number in range(25)]

        assert [answer.status_code for answer in tries] == [404] * 20 + [429] * 5
        assert code_of(tries[-1]) == "too_many_requests"
        assert int(tries[-1].headers["Retry-After"]) > 0

    def test_misses_are_counted_over_every_way_to_miss(self, cleo: FlaskClient):
        paths = ("", "/state", "/code.svg", "/proof.jpg")
        for number in range(20):
            cleo.get(f"/t/{number:044d}{paths[number % 4]}")

        post = cleo.post(f"/t/{'9' * 44}/instructions", json=command())

        assert post.status_code == 429

    def test_right_link_opens_after_misses_of_others(self, mall: Mall, cleo: FlaskClient):
        for number in range(25):
            cleo.get(f"/t/{number:044d}/state")

        assert cleo.get(f"{mall.link(mall.places())}/state").status_code == 200

    def test_one_link_is_read_sixty_times_a_minute(self, mall: Mall, cleo: FlaskClient):
        link = mall.link(mall.places())

        statuses = [cleo.get(f"{link}/state").status_code for _ in range(61)]

        assert statuses == [200] * 60 + [429]

    def test_address_in_a_header_does_not_reset_the_count(self, cleo: FlaskClient):
        for number in range(21):
            answer = cleo.get(
                f"/t/{number:044d}/state", headers={"X-Forwarded-For": f"10.0.0.{number}"}
            )

        assert answer.status_code == 429  # pyright: ignore[reportPossiblyUnboundVariable]
