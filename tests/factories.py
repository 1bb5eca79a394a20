"""Things for tests, made by the product's own services, with only the fields that matter.

A `Mall` is one site with two stores of two merchants. Everything it returns is an id or a plain
copy of a row, so that no test holds on to a session.
"""

import contextlib
import hashlib
import secrets
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app import clock
from app.accounts import clerks, devices, people, sessions
from app.accounts import queries as accounts
from app.accounts.sessions import NewSession
from app.deliveries import placing
from app.deliveries import queries as deliveries
from app.deliveries.placing import NewDelivery
from app.domain.act import Act
from app.domain.delivery import ProofKind
from app.domain.events import EventType
from app.domain.pin import pin_of
from app.eventlog import queries as eventlog
from app.eventlog.service import facts_of
from app.keys import Keys
from app.persistence.ids import new_uuid7
from app.persistence.transaction import session, transaction
from app.runs import forming
from app.runs import queries as runs
from app.sites import service as sites
from app.tracking.links import tracking_token
from tests.places import CLEOS_DOOR, MALL, STORE

CARLS_CODE = "204816"
#: What an order of Cleo's says beside its times.
CLEOS_ORDER: dict[str, Any] = {
    "merchant_ref": "A-1",
    "recipient_name": "Cleo Cruz",
    "phone": "+1 480 555 0101",
    **CLEOS_DOOR,
    "parcel_count": 2,
    "instructions": "Gate code 1221",
    "leave_at_door": False,
}


def command(**fields: object) -> dict[str, Any]:
    """Return a command's body: a fresh id, the present, and the fields."""
    now = clock.now()
    return {"command_id": new_uuid7(now), "occurred_at": now.isoformat(), **fields}


def quick_code_hash(code: str, store_id: str) -> str:
    """Stand in for scrypt where no test signs in with the code."""
    return hashlib.sha256(f"{code}{store_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Counter:
    """A store with its desk."""

    store_id: str
    number: int
    desk_id: str
    name: str
    merchant_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Mall:
    """A site with the store that tests are about, and another merchant's beside it."""

    app: Flask
    site_id: str
    store: Counter
    other_store: Counter
    is_hub: bool = False

    @property
    def keys(self) -> Keys:
        return self.app.extensions["mallrun_keys"]

    @contextlib.contextmanager
    def writing(self) -> Generator[Session]:
        """Open an application context and its one transaction."""
        with self.app.app_context(), transaction() as current:
            yield current

    @contextlib.contextmanager
    def reading(self) -> Generator[Session]:
        """Open an application context to read in."""
        with self.app.app_context():
            yield session()

    def knows(self, street: str, **given: Any) -> None:
        """Add an address that the site's people can pick, at Cleo's door if nothing is said."""
        place = {name: CLEOS_DOOR[name] for name in ("city", "postal_code", "lat", "lon")}
        with self.writing():
            sites.add_known_address(self.site_id, street=street, **(place | given))

    def places(self, store: Counter | None = None, **given: Any) -> str:
        """Place a delivery and return its id; it waits for a run."""
        store = store or self.store
        merchant_id, is_by_hand = given.pop("merchant_id", None), given.pop("is_by_hand", False)
        with self.writing():
            return placing.place(
                new_delivery(**given),
                store_id=store.store_id,
                act=Act.of_system(clock.now()),
                merchant_id=merchant_id,
                is_by_hand=is_by_hand,
            )

    def forms_runs(self) -> list[str]:
        """Put what waits into runs; return the runs on offer."""
        with self.writing():
            forming.form_runs(self.site_id, now=clock.now())
            return [row.id for row in runs.offered_runs(self.site_id, now=clock.now())]

    def offers(self, *given: dict[str, Any]) -> str:
        """Place one delivery for each mapping of fields (or one plain one), all in one run."""
        for fields in given or ({},):
            self.places(**fields)
        (run_id,) = self.forms_runs()
        return run_id

    def offers_two(self) -> tuple[str, str]:
        """Offer two runs of one delivery each, hours apart."""
        later = clock.now() + timedelta(hours=4)
        first = self.offers()
        self.places(window_from=later, window_until=later + timedelta(hours=1))
        (second,) = set(self.forms_runs()) - {first}
        return first, second

    def delivery(self, delivery_id: str) -> SimpleNamespace:
        """Return a copy of a delivery's row."""
        with self.reading():
            return copy_of(deliveries.delivery(delivery_id))

    def deliveries_of(self, run_id: str) -> list[SimpleNamespace]:
        """Return copies of a run's deliveries."""
        with self.reading():
            return [copy_of(row) for row in deliveries.deliveries_of_run(run_id)]

    def only_delivery(self, run_id: str) -> SimpleNamespace:
        """Return a copy of the one delivery of a run."""
        (row,) = self.deliveries_of(run_id)
        return row

    def run(self, run_id: str) -> SimpleNamespace:
        """Return a copy of a run's row."""
        with self.reading():
            return copy_of(runs.run(run_id))

    def events(self, delivery_id: str) -> list[str]:
        """Return the types of a delivery's events, oldest first."""
        with self.reading():
            return [row.type for row in eventlog.timeline(delivery_id)]

    def facts(self, delivery_id: str, event_type: EventType) -> dict[str, Any]:
        """Return what the newest event of a type says of a delivery."""
        with self.reading():
            *_, newest = eventlog.timeline(delivery_id, {event_type})
            return dict(facts_of(newest.record))

    def count(self, run_id: str, event_type: EventType) -> int:
        """Return how many events of a type a run's deliveries have."""
        rows = self.deliveries_of(run_id)
        return sum(self.events(row.id).count(event_type.value) for row in rows)

    def holders(self, delivery_id: str) -> set[tuple[str, str]]:
        """Return who holds a delivery's parcels, as kind and id."""
        with self.reading():
            return {(row.holder_kind, row.holder_id) for row in deliveries.parcels(delivery_id)}

    def pin(self, delivery_id: str) -> str:
        """Return the PIN that the customer of a delivery reads out."""
        row = self.delivery(delivery_id)
        return pin_of(self.keys.mac("pin"), row.handle, row.pin_version)

    def link(self, delivery_id: str) -> str:
        """Return the path of a delivery's tracking page."""
        with self.reading():
            row = deliveries.delivery(delivery_id)
            assert row is not None
            return f"/t/{tracking_token(row, self.keys.mac('tracking'))}"


def copy_of(row: object) -> SimpleNamespace:
    """Return the columns of a row as plain attributes."""
    assert row is not None
    columns = inspect(row).mapper.column_attrs  # pyright: ignore[reportOptionalMemberAccess]
    return SimpleNamespace(**{column.key: getattr(row, column.key) for column in columns})


def new_delivery(**given: Any) -> NewDelivery:
    """Return an order of Cleo's for two parcels, wanted within three hours."""
    now = clock.now()
    fields: dict[str, Any] = CLEOS_ORDER | {
        "ready_at": now + timedelta(minutes=5),
        "window_from": now,
        "window_until": now + timedelta(hours=3),
        "proof": "none",
    }
    fields |= given
    fields["proof"] = ProofKind(fields["proof"])
    return NewDelivery(**fields)


def a_mall(app: Flask, kind: str = "mall") -> Mall:
    """Set up a site with Lumen (Carl's store) and Orbit (Mallory's)."""
    with app.app_context(), transaction():
        site_id = sites.add_site(replace(MALL, kind=kind)).id
        lumen, orbit = a_counter(site_id, "Lumen"), a_counter(site_id, "Orbit")
        return Mall(app, site_id, lumen, orbit, is_hub=kind == "hub")


def a_counter(site_id: str, name: str) -> Counter:
    """Add a store of a merchant of its own, with a desk; needs an open transaction."""
    merchant = sites.add_merchant(f"{name} Inc.")
    store = sites.add_store(
        replace(STORE, name=name),
        site_id=site_id,
        merchant_id=merchant.id,
    )
    desk = sites.add_desk(store.id, "Main", now=clock.now())
    return Counter(store.id, store.number, desk.id, name, merchant.id)


def a_person(name: str, *roles: tuple[str, str], password_hash: str | None = None) -> str:
    """Add a person with roles `(role, scope_id)` and an address of their own."""
    person = people.add_person(
        name,
        email=f"{secrets.token_hex(4)}@mallrun.test",
        phone=None,
        now=clock.now(),
        password_hash=password_hash,
    )
    for role, scope_id in roles:
        people.grant_role(person.id, role, scope_id)
    return person.id


def person_by_login(login: str) -> str:
    """Return the id of the person with an e-mail address."""
    found = accounts.person_by_login(login)
    assert found is not None
    return found.id


def a_driver(name: str, *, is_approved: bool = True, **given: Any) -> str:
    """Add an approved driver, off duty; needs an open transaction."""
    person_id = a_person(name, **given)
    people.add_driver(person_id, vehicle="white Prius", plate="MP1", is_approved=is_approved)
    return person_id


def a_phone(person_id: str, public_key: bytes) -> int:
    """Enrol a phone without its ceremony and return its key id; needs an open transaction."""
    device = devices.enrol_phone(
        person_id,
        public_key=public_key,
        challenge="",
        signature=b"",
        check=lambda *_: True,
        now=clock.now(),
    )
    return device.kid


def a_tablet(desk_id: str, public_key: bytes) -> tuple[int, NewSession]:
    """Enrol a tablet for a desk; return its key id and session. Needs an open transaction."""
    code = devices.make_desk_enrolment(desk_id, now=clock.now())
    device, new = devices.enrol_desk(code, public_key=public_key, now=clock.now())
    return device.kid, new


def a_clerk(store_id: str, name: str, code: str = CARLS_CODE, **given: Any) -> tuple[str, int]:
    """Add a clerk and return id and number; needs an open transaction."""
    row = clerks.add_clerk(
        store_id, name, code, hash_code=given.get("hash_code", quick_code_hash), now=clock.now()
    )
    return row.id, row.number


def a_session(audience: str, **owner: str) -> NewSession:
    """Open a sign-in without its form; needs an open transaction."""
    return sessions.open_session(audience, now=clock.now(), **owner)


def handles_of(rows: Sequence[SimpleNamespace]) -> dict[str, int]:
    """Return `{handle: parcels}` of deliveries, as a release names them."""
    return {row.handle: row.parcel_count for row in rows}
