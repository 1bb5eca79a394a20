"""The one-time link of somebody new: shown to whoever adds them, and mailed to them."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from app.keys import seal, unseal
from app.persistence import engine
from tests import merchants
from tests.factories import Mall
from tests.merchants import Merchant
from tests.notify.mail_server import Inbox
from tests.notify.mailing import address, body, noted, send


def test_link_is_shown_and_mailed(mall: Mall, mia: Merchant, inbox: Inbox):
    email = f"{mia.person_id}@shop.test"
    answered = mia.post("team?lang=es", person_name="Eve http://evil.test", email=email)
    (job,) = noted(mall)
    send(mall)

    token = answered.text.partition("token=")[2].partition("<")[0]
    (mail,) = inbox.to(email)
    text = body(mail)
    assert f"/console/welcome?token={token}" in text
    assert mail["Subject"] == "Su acceso a Mallrun"
    # Whoever invites must not write the mail: it would carry anybody's words.
    assert "evil.test" not in text
    assert token not in job.arguments + job.key
    assert mall.app.test_client().get(f"/console/welcome?token={token}").status_code == 200


def test_link_that_is_over_is_not_mailed(mall: Mall, mia: Merchant, inbox: Inbox):
    mia.post("team", person_name="Max", email=f"{mia.person_id}@shop.test")
    send(mall, after=timedelta(hours=25))

    assert inbox.mails == []


def test_somebody_known_is_not_mailed(mall: Mall, mia: Merchant, inbox: Inbox):
    other = merchants.signed_in(mall, mall.other_store, "Olga Orr")
    mia.post("team", person_name="Olga", email=address(mall, other))

    assert noted(mall) == []
    assert inbox.mails == []


def test_first_person_gets_it_from_the_command(mall: Mall, inbox: Inbox):
    said = mall.app.test_cli_runner().invoke(
        args=["admin", "create", "Ada Flores", "ada@mall.test", "--language", "es"]
    )
    # A command's lock lasts as long as its process.
    engine.unlock_all()
    send(mall)

    link = next(line for line in said.output.splitlines() if "token=" in line)
    assert "ada@mall.test as well" in said.output
    (mail,) = inbox.to("ada@mall.test")
    assert link in body(mail)
    assert mail["Subject"] == "Su acceso a Mallrun"


def test_sealed_link_is_of_this_installation_only(mall: Mall):
    key, other = mall.keys.derive("mail"), mall.keys.derive("tracking")
    sealed = seal(key, b"a token")

    assert unseal(key, sealed) == b"a token"
    for wrong in (lambda: unseal(other, sealed), lambda: unseal(key, sealed[:-1] + b"x")):
        with pytest.raises(InvalidTag):
            wrong()
