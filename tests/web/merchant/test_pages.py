"""The merchant's pages: the day, one delivery, webhooks, team, invoices; and nobody else's."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import clock
from app.jobs import webhooks
from app.sites import service as sites
from app.webhooks.outgoing import Sender
from tests import merchants
from tests.factories import Mall
from tests.journeys import at_door, claimed
from tests.merchants import Merchant
from tests.personas import Clerk, Driver
from tests.places import MALL, STORE
from tests.webhooks.receiver import Receiver, answer, listening

pytestmark = pytest.mark.both_engines


@pytest.fixture
def mia(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> Merchant:
    """Mia looks after Lumen's merchant; its webhooks may go to this machine."""
    sender = Sender(allows_loopback=True, timeout_s=1.0)
    monkeypatch.setitem(mall.app.extensions, "mallrun_webhooks", sender)
    return merchants.signed_in(mall, mall.store)


@pytest.fixture
def receiver():
    with listening() as found:
        found.echo()
        yield found


def test_day_shows_own_deliveries_in_words(mall: Mall, mia: Merchant):
    mall.places(merchant_ref="L-77")
    mall.places(store=mall.other_store, merchant_ref="O-88")

    page = mia.get("").text

    assert "L-77" in page
    assert "To pack" in page
    assert "O-88" not in page


def test_windows_are_by_the_clock_of_their_place(mall: Mall, mia: Merchant):
    with mall.writing():
        there = replace(MALL, name="Tysons", timezone="America/New_York")
        store = sites.add_store(
            replace(STORE, name="Lumen"),
            site_id=sites.add_site(there).id,
            merchant_id=mall.store.merchant_id,
        )
        away = replace(mall.store, store_id=store.id)
    tomorrow = clock.now().astimezone(ZoneInfo("America/New_York")) + timedelta(days=1)
    noon = tomorrow.replace(hour=12, minute=0)
    mall.places(window_from=noon, window_until=noon + timedelta(hours=2))
    assert "Chandler Fashion Center" not in mia.get("").text

    mall.places(away, window_from=noon, window_until=noon + timedelta(hours=2))
    page = mia.get("").text

    assert "Lumen, Tysons" in page
    assert "Lumen, Chandler Fashion Center" in page
    assert "12:00–2:00" in page
    # Two hours behind in winter, three in summer.
    assert re.search(r"10:00 am–12:00|9:00–11:00 am", page)


@pytest.mark.parametrize("words", ["L-77", "l-7", "cleo", "CRUZ"])
def test_delivery_is_found_by_number_or_name(mall: Mall, mia: Merchant, words: str):
    mall.places(merchant_ref="L-77")
    mall.places(store=mall.other_store, merchant_ref="L-77-too")

    page = mia.get(f"?q={words}").text

    assert ">L-77<" in page
    assert "L-77-too" not in page


@pytest.mark.parametrize("words", ["%25", "_", "nobody", "%3Cb%3E"])
def test_what_is_not_there_is_not_found(mall: Mall, mia: Merchant, words: str):
    mall.places(merchant_ref="L-77")

    page = mia.get(f"?q={words}").text

    assert "Nothing of the last 90 days" in page
    assert "<b>" not in page


def test_delivery_shows_its_timeline_and_first_names_only(mall: Mall, mia: Merchant, dina: Driver):
    (row,) = mall.deliveries_of(claimed(dina))

    page = mia.get(f"deliveries/{row.id}").text

    assert "Run taken" in page
    assert "Driver: Dina" in page
    assert "Diaz" not in page
    assert mall.link(row.id) in page


def test_webhook_is_set_up_proved_and_looked_at(mall: Mall, mia: Merchant, receiver: Receiver):
    made = mia.post("webhooks", url=receiver.url, payload="full")
    assert "whsec_" in made.text
    (path,) = set(re.findall(r"/merchant/(webhooks/whk_[a-z2-7]+)", made.text))
    assert "nothing is sent" in mia.get(path).text

    proved = mia.post(f"{path}/verify")
    assert proved.location.endswith("done=verified")
    mall.places()
    with mall.app.app_context():
        webhooks.send_due()

    page = mia.get(path).text
    assert "delivery.created" in page
    assert "1 delivered, 0 waiting" in page
    (again,) = set(re.findall(rf"/merchant/({path}/messages/\w+/replay)", page))
    assert mia.post(again).status_code == 303
    assert mia.post(f"{path}/replay", hours="24").status_code == 303
    assert "whsec_" in mia.post(f"{path}/rotate").text
    assert mia.post(f"{path}/remove").status_code == 303
    assert mia.get(path).status_code == 404


def test_stopped_webhook_is_told_on_the_first_page(mall: Mall, mia: Merchant, receiver: Receiver):
    made = mia.post("webhooks", url=receiver.url, payload="thin")
    (path,) = set(re.findall(r"/merchant/(webhooks/whk_[a-z2-7]+)", made.text))
    mia.post(f"{path}/verify")
    receiver.script = lambda *_: answer(410)
    mall.places()
    with mall.app.app_context():
        webhooks.send_due()

    assert "1 webhook is stopped" in mia.get("").text
    assert "410" in mia.get("webhooks").text


def test_address_that_does_not_echo_stays_unproved(mia: Merchant, receiver: Receiver):
    made = mia.post("webhooks", url=receiver.url, payload="thin")
    (path,) = set(re.findall(r"/merchant/(webhooks/whk_[a-z2-7]+)", made.text))
    receiver.script = lambda *_: answer(200)

    assert mia.post(f"{path}/verify").location.endswith("done=refused")


def test_impossible_address_is_explained_in_its_place(mia: Merchant):
    answered = mia.post("webhooks", url="https://169.254.169.254/", payload="thin")

    assert answered.status_code == 422
    assert "WebhookForm-url-error" in answered.text


def test_somebody_new_gets_a_link_once(mia: Merchant):
    answered = mia.post("team", person_name="Max Moss", email=f"{mia.person_id}@mallrun.test")

    assert "/console/welcome?token=" in answered.text
    assert "Max Moss" in mia.get("team").text


def test_somebody_known_gets_access_and_no_link(mall: Mall, mia: Merchant):
    other = merchants.signed_in(mall, mall.other_store, "Olga Orr")
    email = merchants.email_of(mall, other.person_id)

    answered = mia.post("team", person_name="Olga Orr", email=email)

    assert answered.status_code == 303
    assert "token=" not in answered.text
    assert "Olga Orr" in mia.get("team").text


def test_member_loses_access_at_once_and_nobody_their_own(mall: Mall, mia: Merchant):
    max_moss = merchants.signed_in(mall, mall.store, "Max Moss")

    assert mia.post(f"team/{mia.person_id}/remove").status_code == 409
    assert mia.post(f"team/{max_moss.person_id}/remove").status_code == 303
    assert max_moss.get("keys").status_code == 302


@pytest.mark.parametrize("email", ["", "max", "max@", "a b@c.d"])
def test_wrong_address_is_explained(mia: Merchant, email: str):
    answered = mia.post("team", person_name="Max Moss", email=email)

    assert answered.status_code == 422
    assert "MemberForm-email-error" in answered.text


def month(instant: datetime) -> str:
    """Return a month by the mall's clock."""
    return instant.astimezone(ZoneInfo("America/Phoenix")).strftime("%Y-%m")


def test_invoice_has_what_is_due(mia: Merchant, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, merchant_ref="=1+1")
    dina.deliver(stop)
    name = month(clock.now())

    page = mia.get(f"invoices/{name}").text
    table = mia.get(f"invoices/{name}.csv").text

    assert "1 delivery" in page
    assert "$8.99" in page
    assert "'=1+1" in table
    assert "8.99,8.99,USD" in table


def test_early_cancellation_is_free_and_a_late_one_costs_half(
    mall: Mall, mia: Merchant, dina: Driver
):
    shop = merchants.a_key(mall, mall.store)
    early = mall.places()
    shop.post(f"deliveries/{early}/cancel", {"reason": "Sold out"})
    (late,) = mall.deliveries_of(claimed(dina))
    shop.post(f"deliveries/{late.id}/cancel", {"reason": "Sold out"})

    table = mia.get(f"invoices/{month(clock.now())}.csv").text

    dues = {line.split(",")[0]: line.split(",")[5] for line in table.splitlines()[1:]}
    assert dues == {early: "0.00", late.id: "4.49"}


@pytest.mark.parametrize("name", ["2026-13", "1999-01", "now", "2026-1"])
def test_month_that_is_none_is_not_there(mia: Merchant, name: str):
    assert mia.get(f"invoices/{name}").status_code == 404


def test_other_months_are_empty(mall: Mall, mia: Merchant):
    mall.places()
    before = month(clock.now() - timedelta(days=70))

    assert "Nothing ended" in mia.get(f"invoices/{before}").text
    assert "invoices/" in mia.get("invoices").text


def test_months_before_the_first_delivery_are_left_out(mall: Mall, mia: Merchant):
    shop = merchants.a_key(mall, mall.store)
    at_first = mia.get("invoices").text
    shop.post(f"deliveries/{mall.places()}/cancel", {"reason": "Sold out"})

    with clock.frozen(clock.now() + timedelta(days=70)):
        later = merchants.signed_in(mall, mall.store, "Max Moss").get("invoices").text

    assert (at_first.count("/merchant/invoices/"), at_first.count("so far")) == (1, 1)
    assert later.count("/merchant/invoices/") in {3, 4}
