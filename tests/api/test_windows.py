"""A window has two ends: the one that customers are told, and the one that is planned."""

from datetime import timedelta

import pytest

from app import clock
from app.web.formats import iso
from tests.api.ordering import key, order
from tests.factories import Mall
from tests.merchants import Program
from tests.personas import code_of

pytestmark = pytest.mark.both_engines


def test_order_is_promised_until_later_than_it_is_planned(mall: Mall, shop: Program):
    begin = clock.now().replace(microsecond=0) + timedelta(hours=1)
    times = [begin + timedelta(minutes=minutes) for minutes in (0, 120, 105)]
    window = dict(zip(("from", "until", "planned_until"), map(iso, times), strict=True))

    made = shop.post("deliveries", order(shop.store_id, window=window), headers=key()).get_json()
    read = shop.get(f"deliveries/{made['id']}").get_json()

    assert made["window"] == read["window"] == window
    assert mall.delivery(made["id"]).window_until == times[2]


def test_new_window_is_a_new_promise(shop: Program):
    begin = clock.now().replace(microsecond=0) + timedelta(hours=1)
    ends = [iso(begin + timedelta(minutes=minutes)) for minutes in (105, 120, 150)]
    window = {"from": iso(begin), "until": ends[1], "planned_until": ends[0]}
    made = shop.post("deliveries", order(shop.store_id, window=window), headers=key()).get_json()
    path = f"deliveries/{made['id']}"

    plain = shop.ask("PATCH", path, json={"window": {"from": iso(begin), "until": ends[2]}})
    spared = shop.ask("PATCH", path, json={"window": window | {"until": ends[2]}})

    assert plain.get_json()["window"]["planned_until"] == ends[2]
    assert spared.get_json()["window"] == window | {"until": ends[2]}


@pytest.mark.parametrize("minutes", [0, 121])
def test_plan_outside_the_promise_is_refused(shop: Program, minutes: int):
    begin = clock.now() + timedelta(hours=1)
    planned = iso(begin + timedelta(minutes=minutes))
    window = {
        "from": iso(begin),
        "until": iso(begin + timedelta(hours=2)),
        "planned_until": planned,
    }

    refused = shop.post("deliveries", order(shop.store_id, window=window), headers=key())

    assert (refused.status_code, code_of(refused)) == (422, "invalid_input")
