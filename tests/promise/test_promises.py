"""What shop pages are answered: the rule on real rows, in words, for caches, on both engines."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app import clock
from app.domain.hours import Hours
from app.domain.learned import Timed
from app.promise import queries
from tests import personas
from tests.factories import Mall
from tests.paces import has_learned
from tests.promise.shopping import (
    NOW,
    STREET,
    afternoon,
    answer,
    ask,
    can_deliver,
    has_driver,
)


@pytest.mark.both_engines
def test_store_with_a_driver_promises_today(mall: Mall):
    can_deliver(mall)

    with afternoon(mall) as shopper:
        said = answer(shopper, mall)

    assert said["today"]
    assert said["code"] == "today"
    assert said["order_by"] == "2026-11-25T03:24:00.000Z"
    assert said["seconds_left"] == (5 * 60 + 54) * 60
    assert said["window"]["from"] == "2026-11-24T22:00:00.000Z"
    assert said["window"]["until"] == "2026-11-25T00:00:00.000Z"
    assert said["window"]["planned_until"] == "2026-11-24T23:45:00.000Z"
    assert said["price"] == {"amount_minor": 799, "currency": "USD", "text": "$7.99"}
    assert said["text"] == "Order within 5 h 54 min, get it today 3:00–5:00 pm"


@pytest.mark.both_engines
def test_every_open_order_of_the_site_counts(mall: Mall):
    can_deliver(mall)
    with clock.frozen(NOW):
        for _ in range(4):
            mall.places(mall.other_store)
        mall.forms_runs()
        for _ in range(3):
            mall.places()
        # Tomorrow's orders are in nobody's way.
        tomorrow = NOW + timedelta(days=1)
        mall.places(window_from=tomorrow, window_until=tomorrow + timedelta(hours=1))
    with afternoon(mall) as shopper:
        assert answer(shopper, mall)["code"] == "today"
        mall.places()
        assert answer(shopper, mall)["code"] == "too_busy"
        has_driver(mall)
        assert answer(shopper, mall)["code"] == "today"


@pytest.mark.both_engines
def test_place_at_which_everything_takes_long_is_later(mall: Mall):
    can_deliver(mall)
    usual = arrives_at(mall)
    has_learned(mall, Timed.COUNTER, mall.store.store_id, 4)
    has_learned(mall, Timed.DRIVE, Hours.MIDDAY.value, 2)

    late = arrives_at(mall) - usual

    # Three times two minutes more at the counter, and half as long again as twice the drive.
    assert timedelta(minutes=10) < late < timedelta(minutes=25)


def arrives_at(mall: Mall) -> datetime:
    with mall.reading():
        (asked,) = queries.asked([mall.store.store_id], "85224", now=NOW)
        plan = asked.promise.plan
    assert plan is not None
    return plan.arrives_at


@pytest.mark.both_engines
def test_doors_of_a_held_run_count_until_they_are_done(mall: Mall):
    mall.knows(STREET)
    with clock.frozen(NOW):
        dina = personas.a_driver(mall, "Dina Diaz")
        run_id = mall.offers(*({} for _ in range(8)))
        assert dina.claim(run_id).status_code == 200
    with afternoon(mall) as shopper:
        assert answer(shopper, mall)["code"] == "too_busy"


@pytest.mark.parametrize(
    ("query", "code"),
    [({"postal_code": "90210"}, "postal_code_unknown"), ({"postal_code": "85099"}, "too_far")],
)
def test_no_has_a_code_a_reason_and_a_next_step(mall: Mall, query: dict[str, str], code: str):
    can_deliver(mall)
    mall.knows(STREET, lat=33.46, postal_code="85099")

    with afternoon(mall) as shopper:
        said = answer(shopper, mall, **query)

    assert (said["today"], said["code"]) == (False, code)
    assert said["text"]
    assert said["next_step"]
    assert said["order_by"] is said["window"] is said["countdown"] is None


def test_nobody_on_duty_is_a_no(mall: Mall):
    mall.knows(STREET)

    with afternoon(mall) as shopper:
        assert answer(shopper, mall)["code"] == "no_driver"
        has_driver(mall, NOW + timedelta(hours=1))
        assert answer(shopper, mall)["code"] == "no_driver"


def test_evening_is_too_late(mall: Mall):
    can_deliver(mall)

    with afternoon(mall, minutes=6 * 60) as shopper:
        assert answer(shopper, mall)["code"] == "too_late"


def test_hub_promises_nothing_for_the_same_day(hub: Mall):
    hub.knows(STREET)

    with afternoon(hub) as shopper:
        assert answer(shopper, hub)["code"] == "not_from_here"


def test_words_follow_the_address_and_nothing_else(mall: Mall):
    can_deliver(mall)
    with afternoon(mall) as shopper:
        wishes = {"Accept-Language": "es-MX"}
        query = {"store": mall.store.store_id, "postal_code": "85224"}
        english = shopper.get("/promise", query_string=query, headers=wishes).get_json()
        spanish = answer(shopper, mall, lang="es")

    assert english["title"] == "Get it today"
    assert spanish["title"] == "Recíbalo hoy"
    assert spanish["text"].startswith("Pida en los próximos 5 h 54 min y recíbalo hoy")
    assert {key for key in english if english[key] != spanish[key]} <= {
        "lang",
        "title",
        "text",
        "countdown",
        "window",
    }


@pytest.mark.parametrize("postal_code", ["85224-1234", " 85224 "])
def test_longer_postal_code_is_the_same_place(mall: Mall, postal_code: str):
    can_deliver(mall)

    with afternoon(mall) as shopper:
        assert answer(shopper, mall, postal_code=postal_code)["postal_code"] == "85224"


class TestForCachesAndOtherOrigins:
    def test_answer_is_for_everybody_and_short_lived(self, mall: Mall):
        can_deliver(mall)

        with afternoon(mall) as shopper:
            response = ask(shopper, mall, lang="es")

        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.headers["Cache-Control"] == "public, max-age=30, s-maxage=30"
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
        assert "Accept-Language" not in response.headers.get("Vary", "")

    def test_same_answer_is_not_sent_twice(self, mall: Mall):
        can_deliver(mall)

        with afternoon(mall) as shopper:
            first = ask(shopper, mall)
        with clock.frozen(NOW + timedelta(seconds=20)):
            query = {"store": mall.store.store_id, "postal_code": "85224"}
            known = {"If-None-Match": first.headers["ETag"]}
            again = shopper.get("/promise", query_string=query, headers=known)

        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({"store": "str_" + "a" * 26}, 404, "not_found"),
            ({"store": "1"}, 404, "not_found"),
            ({"store": ""}, 422, "invalid_input"),
            ({"postal_code": "?"}, 422, "invalid_input"),
            ({"colour": "red"}, 422, "invalid_input"),
        ],
    )
    def test_refusals_can_be_read_and_are_not_kept(
        self, mall: Mall, query: dict[str, str], status: int, code: str
    ):
        with afternoon(mall) as shopper:
            response = ask(shopper, mall, **query)

        assert (response.status_code, response.get_json()["code"]) == (status, code)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"] == "no-store"

    def test_script_has_one_address_and_loads_anywhere(self, mall: Mall):
        with afternoon(mall) as shopper:
            response = shopper.get("/promise.js", headers={"Accept-Encoding": "gzip"})

        assert response.status_code == 200
        assert response.mimetype == "text/javascript"
        response.close()
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Cache-Control"] == "public, max-age=3600"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in response.headers

    def test_other_pages_stay_closed_to_other_origins(self, mall: Mall):
        with afternoon(mall) as shopper:
            response = shopper.get("/promise/checkout?store=x&postal_code=85224")

        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_queries_do_not_grow_with_orders_and_drivers(mall: Mall):
    can_deliver(mall)
    with clock.frozen(NOW):
        few = statements(mall)
        for _ in range(5):
            mall.places()
        has_driver(mall)
        mall.forms_runs()
        mall.places()
        many = statements(mall)

    assert few == many == 8


def statements(mall: Mall) -> int:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    with mall.app.app_context():
        engine = mall.app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask(mall.app.test_client(), mall)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
