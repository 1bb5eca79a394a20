"""Another tracking link for the customer, from the counter that typed the order."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.deliveries import renewing
from app.domain.act import Act
from app.domain.events import EventType
from app.eventlog import queries as eventlog
from tests.factories import Mall
from tests.personas import Clerk, Driver, code_of
from tests.web.bodies import placing

pytestmark = pytest.mark.both_engines


@pytest.fixture
def cleo(mall: Mall) -> FlaskClient:
    """Cleo's browser; all she has is the link."""
    return mall.app.test_client()


def typed(carl: Clerk, **given: Any) -> tuple[str, str]:
    """Type an order at the counter; return its id and the path of its first link."""
    result = carl.post("deliveries", **placing() | given).get_json()["result"]
    return result["delivery_id"], path_of(result["tracking_url"])


def path_of(url: str) -> str:
    """Return a link without the installation's address."""
    return url[url.index("/t/") :]


def ask(carl: Clerk, delivery_id: str) -> TestResponse:
    return carl.post(f"deliveries/{delivery_id}/link")


def entry(carl: Clerk, delivery_id: str) -> dict[str, Any]:
    state = carl.state()
    rows = (*state["to_pack"], *state["ready"], *state["gone"])
    return next(row for row in rows if row["id"] == delivery_id)


def test_new_link_opens_the_delivery_and_the_old_one_nothing(
    mall: Mall, carl: Clerk, cleo: FlaskClient
):
    delivery_id, old = typed(carl)

    new = path_of(ask(carl, delivery_id).get_json()["result"]["tracking_url"])

    assert new == mall.link(delivery_id) != old
    assert [cleo.get(f"{link}/state").status_code for link in (new, old)] == [200, 404]
    assert mall.events(delivery_id).count(EventType.LINK_REISSUED.value) == 1


def test_tap_that_is_sent_twice_gives_one_link(mall: Mall, carl: Clerk):
    delivery_id, _old = typed(carl)
    body = {"command_id": "0190f0f0-0000-7000-8000-000000000001"}
    body["occurred_at"] = clock.now().isoformat()

    answers = [
        carl.client.post(f"/desk/api/deliveries/{delivery_id}/link", json=body) for _ in range(2)
    ]

    links = {answer.get_json()["result"]["tracking_url"] for answer in answers}
    assert {path_of(link) for link in links} == {mall.link(delivery_id)}
    assert mall.events(delivery_id).count(EventType.LINK_REISSUED.value) == 1


def test_link_is_nowhere_but_in_the_answer(mall: Mall, carl: Clerk):
    delivery_id, _old = typed(carl)

    answer = ask(carl, delivery_id)

    secret = mall.link(delivery_id).removeprefix("/t/")
    assert secret not in str(answer.get_json()["state"])
    assert secret not in carl.client.get("/desk/api/state").text
    assert entry(carl, delivery_id)["can_give_link"] is True


def test_order_of_another_system_gets_its_link_from_there(mall: Mall, carl: Clerk):
    delivery_id = mall.places()

    refused = ask(carl, delivery_id)

    shown = entry(carl, delivery_id)
    assert (refused.status_code, code_of(refused)) == (409, "not_by_hand")
    assert (shown["is_by_hand"], shown["can_give_link"]) == (False, False)


def test_other_stores_order_is_not_there(mall: Mall, carl: Clerk, mallory: Clerk):
    delivery_id, old = typed(carl)

    refused = ask(mallory, delivery_id)

    assert (refused.status_code, code_of(refused)) == (404, "not_found")
    assert mall.link(delivery_id) == old


def claims(mall: Mall, dina: Driver) -> str:
    (run_id,) = mall.forms_runs()
    assert dina.claim(run_id).status_code == 200
    return run_id


def test_driver_who_comes_before_the_window_hinders_nothing(mall: Mall, carl: Clerk, dina: Driver):
    later = clock.now() + timedelta(minutes=40)
    until = later + timedelta(hours=2)
    delivery_id, _old = typed(carl, window_from=later.isoformat(), window_until=until.isoformat())
    claims(mall, dina)

    assert entry(carl, delivery_id)["can_give_link"] is True
    assert ask(carl, delivery_id).status_code == 200


def test_no_link_once_its_page_shows_the_pin(
    mall: Mall, carl: Clerk, dina: Driver, cleo: FlaskClient
):
    delivery_id, old = typed(carl)
    before = cleo.get(f"{old}/state").get_json()["pin"]
    run_id = claims(mall, dina)
    after = cleo.get(f"{old}/state").get_json()["pin"]

    coming = ask(carl, delivery_id)
    dina.collect(carl.shows(dina, run_id))
    collected = ask(carl, delivery_id)

    assert (before, after is None) == (None, False)
    assert [code_of(coming), code_of(collected)] == ["link_shows_pin"] * 2
    assert entry(carl, delivery_id)["can_give_link"] is False
    assert mall.link(delivery_id) == old


def test_cancelled_order_needs_no_link(carl: Clerk):
    delivery_id, _old = typed(carl)
    carl.post(f"deliveries/{delivery_id}/cancel", reason="mistake")

    assert code_of(ask(carl, delivery_id)) == "delivery_closed"


def test_locked_desk_gives_none(carl: Clerk):
    delivery_id, _old = typed(carl)
    carl.post("lock")

    assert ask(carl, delivery_id).status_code == 401


def test_a_dispatchers_reason_is_kept_and_a_clerk_needs_none(mall: Mall, carl: Clerk):
    delivery_id, _old = typed(carl)
    ask(carl, delivery_id)
    with mall.writing():
        act = Act.of_system(clock.now())
        renewing.reissue_link(delivery_id, reason="Forwarded", act=act)

    with mall.reading():
        ids = [row.id for row in eventlog.timeline(delivery_id, {EventType.LINK_REISSUED})]
        kept = eventlog.personal_values(ids)
    assert [kept.get(each) for each in ids] == [None, {"reason": "Forwarded"}]
