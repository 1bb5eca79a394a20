"""A small mall with a clerk and a driver, for people in browsers: one store, no orders yet."""

from dataclasses import dataclass

from flask import Flask

from app import clock, keys
from app.accounts import clerks, devices, people
from app.persistence.transaction import transaction
from app.sites import service as sites
from tests.places import MALL, STORE

PASSWORD = "two-parcels"
CLERK_CODE = "204816"
STREET = "1245 W Chandler Blvd"


@dataclass(frozen=True, slots=True)
class Mall:
    """What people need to begin their day."""

    enrolment_code: str
    driver_login: str


def open_mall(app: Flask) -> Mall:
    """Set up the mall in the application's database."""
    now = clock.now()
    installation: keys.Keys = app.extensions["mallrun_keys"]
    with app.app_context(), transaction():
        site = sites.add_site(MALL)
        store = sites.add_store(
            STORE, site_id=site.id, merchant_id=sites.add_merchant("Juniper").id
        )
        sites.add_known_address(
            site.id,
            street=STREET,
            city="Chandler",
            postal_code="85224",
            lat=33.3060,
            lon=-111.8640,
        )
        desk = sites.add_desk(store.id, "Main counter", now=now)
        clerks.add_clerk(
            store.id,
            "Carl",
            CLERK_CODE,
            hash_code=lambda code, store_id: keys.hash_clerk_code(
                code, installation.derive(f"clerk-codes/{store_id}")
            ),
            now=now,
        )
        dina = people.add_person(
            "Dina Reyes",
            email="dina@example.test",
            phone=None,
            now=now,
            password_hash=keys.hash_password(PASSWORD),
        )
        people.add_driver(dina.id, vehicle="white Toyota Prius", plate="7ABC123", is_approved=True)
        return Mall(devices.make_desk_enrolment(desk.id, now=now), "dina@example.test")
