"""Who is mailed when: with its cause or not at all, once, in their words, and only who may know."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts import people
from app.domain.mail import RETRY_AFTER_S
from app.jobs import worker
from tests import merchants
from tests.api.conftest import ordered
from tests.factories import Mall
from tests.merchants import Merchant, Mode, Program
from tests.notify.mail_server import Inbox
from tests.notify.mailing import address, body, noted, send, stopped
from tests.webhooks import subscribing
from tests.webhooks.receiver import Receiver, answer
from tests.webhooks.subscribing import Together, subscribed


@pytest.mark.both_engines
def test_team_hears_once_that_a_webhook_is_stopped(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    max_moss = merchants.signed_in(mall, mall.store, "Max Moss")
    rival = merchants.signed_in(mall, mall.other_store, "Olga Orr")
    endpoint_id = stopped(mall, shop, receiver)
    for minutes in range(3):
        send(mall, after=timedelta(minutes=minutes))

    assert [len(inbox.to(address(mall, who))) for who in (mia, max_moss, rival)] == [1, 1, 0]
    (mail,) = inbox.to(address(mall, mia))
    text = body(mail)
    assert mail["Subject"] == "A webhook of Lumen Inc. is stopped"
    assert receiver.url in text
    link = f"/merchant/for/{mall.store.merchant_id}/webhooks/{endpoint_id}"
    assert link in text
    assert link in body(mail, "html")
    opened = mia.client.get(link, headers={"Accept": "text/html"}, follow_redirects=True)
    assert receiver.url in opened.text


def test_job_holds_no_address_and_no_name(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    stopped(mall, shop, receiver)

    (job,) = noted(mall)
    assert "@" not in job.arguments + job.key
    assert receiver.url not in job.arguments
    assert inbox.mails == []
    assert mia.person_id in job.arguments


@pytest.mark.both_engines
def test_two_tries_that_find_it_gone_are_one_mail(
    mall: Mall,
    mia: Merchant,
    shop: Program,
    receiver: Receiver,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
):
    subscribed(shop, receiver)
    ordered(shop)
    ordered(shop)
    monkeypatch.setitem(mall.app.extensions, "mallrun_webhooks", Together(410))
    assert subscribing.send_two(mall) == [1, 1]
    for _ in range(2):
        send(mall)

    assert len(inbox.to(address(mall, mia))) == 1


def test_stopped_again_is_told_again_and_repaired_is_not(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    endpoint_id = stopped(mall, shop, receiver)
    receiver.echo()
    assert shop.post(f"webhooks/{endpoint_id}/verify").get_json()["trouble"] is None
    send(mall)
    assert inbox.mails == []

    receiver.script = lambda *_: answer(410)
    ordered(shop)
    subscribing.send(mall)
    send(mall)

    assert len(inbox.to(address(mall, mia))) == 1


def test_nobody_is_told_who_left_meanwhile(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    left, disabled = (merchants.signed_in(mall, mall.store, name) for name in ("Al", "Bo"))
    stopped(mall, shop, receiver)
    assert mia.post(f"team/{left.person_id}/remove").status_code == 303
    with mall.writing():
        people.disable_person(disabled.person_id, now=clock.now())
    send(mall)

    assert [mail["To"] for mail in inbox.mails] == [address(mall, mia)]


def test_removed_by_the_merchant_is_no_news(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    made = subscribed(shop, receiver)
    mia.post(f"webhooks/{made['id']}/remove")

    assert noted(mall) == []
    assert inbox.mails == []


def test_owner_hears_of_the_test_mall(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    program = merchants.a_key(mall, mall.store, mode=Mode.TEST)
    stopped(mall, program, receiver)
    send(mall)

    (mail,) = inbox.to(address(mall, mia))
    assert "test mall" in body(mail)
    assert shop.store_id != program.store_id


def test_mail_is_in_the_language_in_which_they_signed_in(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    with mall.writing():
        people.note_language(mia.person_id, "es")
    stopped(mall, shop, receiver)
    send(mall)

    (mail,) = inbox.to(address(mall, mia))
    assert mail["Subject"] == "Un webhook de Lumen Inc. está detenido"
    assert '<html lang="es">' in body(mail, "html")


@pytest.mark.both_engines
def test_mail_server_that_is_away_gets_it_later(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    inbox.refuses_mail = "451 4.3.0 later"
    stopped(mall, shop, receiver)
    send(mall)
    (job,) = noted(mall)
    assert job.done_at is None
    assert "451 4.3.0" in job.last_error
    assert address(mall, mia) not in job.last_error

    inbox.refuses_mail = ""
    send(mall)
    assert inbox.mails == []
    send(mall, after=timedelta(seconds=RETRY_AFTER_S[0] + 1))

    assert len(inbox.to(address(mall, mia))) == 1


def test_address_that_is_refused_for_good_is_given_up(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    inbox.refuses_address = "550 5.1.1 unknown"
    stopped(mall, shop, receiver)
    send(mall)

    (job,) = noted(mall)
    assert job.done_at is not None
    assert job.last_error == "the mail server refused the address: 550 5.1.1"
    assert mia.person_id in job.key


def test_slow_mail_server_holds_up_no_other_job(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver, inbox: Inbox
):
    stopped(mall, shop, receiver)
    with mall.app.app_context():
        worker.run_due({})

    (job,) = noted(mall)
    assert (job.tries, job.done_at, inbox.mails) == (0, None, [])
    assert address(mall, mia)


def test_nothing_is_noted_and_the_page_says_so(
    mall: Mall, mia: Merchant, shop: Program, receiver: Receiver
):
    stopped(mall, shop, receiver)

    assert noted(mall) == []
    assert "This installation sends no e-mail" in mia.get("webhooks").text


def test_link_is_passed_on_by_hand(mall: Mall, mia: Merchant):
    answered = mia.post("team", person_name="Max Moss", email=f"{mia.person_id}@shop.test")

    assert "This installation sends no e-mail" in answered.text
    assert noted(mall) == []
