"""People at the console, and what their browser sends."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, keys
from app.accounts import clerks
from app.accounts import queries as accounts
from app.domain.errors import DomainError
from tests import factories, personas
from tests.factories import Counter, Mall

PASSWORD = "two-parcels-please"


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody signed in at the console."""

    client: FlaskClient
    person_id: str
    token: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/console/{path}", headers={"Accept": "text/html"})

    def day_at(self, mall: Mall) -> str:
        """Return the page of one mall's day."""
        return self.get(f"today/{mall.site_id}").text

    def post(self, path: str, **form: str) -> TestResponse:
        return self.client.post(f"/console/{path}", data=form, headers={"Accept": "text/html"})


def signed_in(mall: Mall, name: str, role: str, scope_id: str = "") -> Office:
    with mall.writing():
        person_id = factories.a_person(name, (role, scope_id))
        new = factories.a_session("console", person_id=person_id)
    client = mall.app.test_client()
    personas.show_cookie(client, "console", new.token)
    return Office(client, person_id, new.token)


def code_hash(mall: Mall):
    """Return the hash of clerks' codes as the mall's desks compute it."""

    def hashed(code: str, store_id: str) -> str:
        return keys.hash_clerk_code(code, mall.keys.derive(f"clerk-codes/{store_id}"))

    return hashed


def signs_in(mall: Mall, store: Counter, code: str) -> bool:
    """Tell whether a clerk's code works at a store's desk."""
    try:
        with mall.writing():
            clerks.sign_in(store.desk_id, code, hash_code=code_hash(mall), now=clock.now())
    except DomainError:
        return False
    return True


def login_of(mall: Mall, person_id: str) -> str:
    """Return the e-mail address with which a person signs in."""
    with mall.reading():
        person = accounts.person(person_id)
        assert person is not None
        return person.email or ""
