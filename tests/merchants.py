"""A merchant's people and programs: who is signed in on the merchant's page, who shows a key."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.accounts import api_keys
from app.accounts import queries as accounts
from app.accounts.api_keys import NewKey
from app.domain.api_key import Mode, Scope
from app.sites import queries as sites
from app.sites import sandbox
from app.webhooks.outgoing import Sender
from tests import factories, personas
from tests.factories import Counter, Mall

EVERYTHING = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Merchant:
    """Somebody signed in on the page of a store's merchant."""

    client: FlaskClient
    person_id: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/merchant/{path}", headers={"Accept": "text/html"})

    def post(self, path: str, **form: Any) -> TestResponse:
        return self.client.post(f"/merchant/{path}", data=form, headers={"Accept": "text/html"})


@dataclass(frozen=True, slots=True)
class Program:
    """A program of a merchant's, with a key."""

    client: FlaskClient
    id: str
    text: str
    store_id: str

    def ask(self, method: str, path: str, **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.text}"} | given.pop("headers", {})
        return self.client.open(f"/api/v1/{path}", method=method, headers=headers, **given)

    def as_browser(self) -> FlaskClient:
        """Return a client that shows the key with everything it asks."""
        client = self.client.application.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.text}"
        return client

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.ask("GET", path, **given)

    def post(self, path: str, body: object = None, **given: Any) -> TestResponse:
        return self.ask("POST", path, json={} if body is None else body, **given)


def without_network(mall: Mall) -> None:
    """Let webhooks find no address: tests ask nobody outside."""
    mall.app.extensions["mallrun_webhooks"] = Sender(resolver=lambda _host, _port: [])


def signed_in(mall: Mall, counter: Counter, name: str = "Mia Moreno") -> Merchant:
    """Sign somebody in for a store's merchant."""
    merchant_id = counter.merchant_id
    with mall.writing():
        person_id = factories.a_person(name, ("merchant", merchant_id))
        new = factories.a_session("merchant", person_id=person_id)
    client = mall.app.test_client()
    personas.show_cookie(client, "merchant", new.token)
    return Merchant(client, person_id)


def a_key(
    mall: Mall,
    counter: Counter,
    *,
    mode: Mode = Mode.LIVE,
    scopes: frozenset[Scope] = EVERYTHING,
    networks: tuple[str, ...] = (),
) -> Program:
    """Give a store's merchant a key; a test key's program knows the store's twin."""
    merchant_id, store_id = counter.merchant_id, counter.store_id
    with mall.writing():
        seen = merchant_id
        if mode is Mode.TEST:
            seen = sandbox.prepare(merchant_id, now=clock.now())
            store_id = sites.test_stores([store_id])[store_id]
        new = NewKey(
            merchant_id=merchant_id,
            acts_for_id=seen,
            mode=mode,
            name="Web shop",
            scopes=scopes,
            networks=networks,
        )
        made = api_keys.make_key(new, person_id="per_mia", now=clock.now())
    return Program(mall.app.test_client(), made.id, made.text, store_id)


def email_of(mall: Mall, person_id: str) -> str:
    """Return with which address a person signs in."""
    with mall.reading():
        person = accounts.person(person_id)
        assert person is not None
        return person.email or ""


def uploaded(who: Merchant, content: bytes, name: str = "orders.csv") -> str:
    """Upload a table and return its id."""
    answer = who.post("uploads", table=(BytesIO(content), name))
    assert answer.status_code == 303, answer.text
    return (answer.location or "").rpartition("/")[2]
