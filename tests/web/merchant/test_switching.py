"""Somebody who acts for several merchants, and hearing of what happens."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.accounts import people
from app.domain.webhooks import Trouble
from app.extensions import socketio
from app.persistence.ids import new_id
from app.sites import queries as sites
from app.sites import sandbox
from app.sites import service as sites_service
from app.webhooks import service
from app.webhooks.models import WebhookEndpoint
from tests import factories, merchants
from tests.factories import Mall
from tests.merchants import Merchant
from tests.places import STORE


@pytest.fixture
def mia(mall: Mall) -> Merchant:
    return merchants.signed_in(mall, mall.store)


def also_for(mall: Mall, mia: Merchant) -> str:
    """Let Mia act for Orbit's merchant too."""
    other = mall.other_store.merchant_id
    with mall.writing():
        people.grant_role(mia.person_id, "merchant", other)
    return other


def test_person_of_two_merchants_switches_between_them(mall: Mall, mia: Merchant):
    mall.places(merchant_ref="L-77")
    mall.places(store=mall.other_store, merchant_ref="O-88")
    other = also_for(mall, mia)
    before = mia.get("").text

    switched = mia.post("switch", merchant=other)

    after = mia.get("").text
    assert ("L-77" in before, "O-88" in before) == (True, False)
    assert switched.status_code == 303
    assert ("L-77" in after, "O-88" in after) == (False, True)


def test_choice_opens_nobody_elses_pages(mall: Mall, mia: Merchant):
    other = mall.other_store.merchant_id
    mall.places(store=mall.other_store, merchant_ref="O-88")

    refused = mia.post("switch", merchant=other)
    mia.client.set_cookie("mallrun_acts_for", other, path="/merchant")

    assert refused.status_code == 404
    assert "O-88" not in mia.get("").text
    assert "Switch" not in mia.get("").text


def a_stopped_webhook(mall: Mall, merchant_id: str) -> str:
    with mall.writing() as current:
        row = WebhookEndpoint(
            id=new_id("whk"),
            merchant_id=merchant_id,
            url=f"https://{merchant_id}.example/hook",
            payload="full",
            types="",
            secret_version=1,
            created_at=clock.now(),
        )
        current.add(row)
        current.flush()
        service.stop(row, Trouble.FAILING, now=clock.now())
        return row.id


def test_link_from_a_mail_opens_the_merchant_that_it_names(mall: Mall, mia: Merchant):
    other = also_for(mall, mia)
    endpoint_id = a_stopped_webhook(mall, other)
    link = f"for/{other}/webhooks/{endpoint_id}"

    opened = mia.get(link)

    assert (opened.status_code, opened.location) == (303, f"/merchant/webhooks/{endpoint_id}")
    assert f"https://{other}.example/hook" in mia.get(f"webhooks/{endpoint_id}").text
    assert f'value="{other}" selected' in mia.get("").text


def test_link_from_a_mail_outlives_signing_in(mall: Mall, mia: Merchant):
    path = f"/merchant/for/{also_for(mall, mia)}/webhooks/whk_x"
    stranger = mall.app.test_client()

    sent = stranger.get(path, headers={"Accept": "text/html"})

    assert sent.location == f"/merchant/login?next={path}"
    assert f'value="{path}"' in stranger.get(sent.location).text


def test_link_that_names_anothers_merchant_leads_nowhere(mall: Mall, mia: Merchant):
    own = mall.store.merchant_id
    other = mall.other_store.merchant_id
    foreign = a_stopped_webhook(mall, other)

    refused = mia.get(f"for/{other}/webhooks/{foreign}")
    named_own = mia.get(f"for/{own}/webhooks/{foreign}")

    for answer in (refused, named_own):
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (404, [])
    assert mia.get(f"webhooks/{foreign}").status_code == 404


def test_stopped_webhook_is_said_on_every_page(mall: Mall, mia: Merchant):
    a_stopped_webhook(mall, mall.store.merchant_id)

    for path in ("", "keys", "team", "webhooks"):
        page = mia.get(path).text
        assert "1 webhook is stopped" in page
        assert "confirm the address again" in page


def test_new_store_gets_its_twin_once_there_is_a_test_mall(mall: Mall):
    merchant_id = mall.store.merchant_id
    with mall.writing():
        sandbox.follow(merchant_id, now=clock.now())
        assert sites.test_merchant(merchant_id) is None
        sandbox.prepare(merchant_id, now=clock.now())
        store = sites_service.add_store(
            replace(STORE, name="Lumen Outlet"), site_id=mall.site_id, merchant_id=merchant_id
        )
        sandbox.follow(merchant_id, now=clock.now())

        assert store.id in sites.test_stores([store.id])


class TestLive:
    @pytest.fixture
    def mall(self, app: Flask) -> Mall:
        """Sockets belong to the application that was wired last."""
        return factories.a_mall(app)

    def test_page_hears_of_its_own_stores_only(self, mall: Mall, mia: Merchant):
        socket = opened(mall, mia)
        mall.places(store=mall.other_store)
        others = socket.get_received()

        mall.places()

        (heard,) = socket.get_received()
        assert others == []
        assert (heard["name"], heard["args"][0]["entity"]) == ("changed", "store")

    def test_socket_ends_with_the_sign_in(self, mall: Mall, mia: Merchant):
        socket = opened(mall, mia)
        old = mia.get("ticket").get_json()["ticket"]

        mia.post("logout")

        assert [each["name"] for each in socket.get_received()] == ["ended"]
        assert not socketio.test_client(mall.app, auth={"ticket": old}).is_connected()


def opened(mall: Mall, mia: Merchant) -> Any:
    ticket = mia.get("ticket").get_json()["ticket"]
    return socketio.test_client(mall.app, auth={"ticket": ticket})
