"""Malls with their people, one per test: on one server they never meet each other's."""

import itertools
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app import clock, keys
from app.accounts import devices, people
from app.sites import service as sites
from tests import factories, personas
from tests.browser.mall import CLERK_CODE, STREET
from tests.factories import Mall
from tests.personas import Clerk, Driver

WITHOUT_TABLET = "The tablet is off or broken"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, repr=False)
class Scene:
    """A mall in which one test happens.

    Attributes:
        driver: On duty, signed in, with no phone enrolled: the browser enrols its own.
        clerk: Signed in on a tablet whose key the test holds.
        enrolment_code: Makes the test's browser the tablet instead.
    """

    mall: Mall
    driver: Driver
    clerk: Clerk
    enrolment_code: str

    def claims(self, **given: Any) -> str:
        """Place one delivery, let the driver claim its run and return the run's id."""
        run_id = self.mall.offers(given)
        assert self.driver.claim(run_id).status_code == 200
        return run_id

    def collects(self, **given: Any) -> str:
        """The same, with the parcels in the car: the next stop is the door."""
        run_id = self.claims(**given)
        assert self.driver.collect(WITHOUT_TABLET, kind="assertion").status_code == 200
        return run_id

    def comes_to_door(self, **given: Any) -> str:
        """The same, with the driver at the door."""
        run_id = self.collects(**given)
        (stop,) = self.driver.stops("dropoff")
        assert self.driver.arrive(stop).status_code == 200
        return run_id

    def fails(self) -> None:
        """Let the driver at the door turn back."""
        (stop,) = self.driver.stops("dropoff")
        assert self.driver.fail(stop).status_code == 200

    def cancels(self, run_id: str) -> None:
        """Let the clerk cancel a run's only delivery."""
        (row,) = self.mall.deliveries_of(run_id)
        answer = self.clerk.post(f"deliveries/{row.id}/cancel", reason="sold_out")
        assert answer.status_code == 200, answer.get_json()

    def link(self, run_id: str) -> str:
        """Return the tracking page of a run's only delivery."""
        (row,) = self.mall.deliveries_of(run_id)
        return self.mall.link(row.id)


def a_scene(app: Flask, kind: str = "mall") -> Scene:
    """Set up a site with a driver and a clerk; the server starts afterwards."""
    mall = factories.a_mall(app, kind=kind)
    clerk = personas.a_clerk(
        mall,
        "Carl",
        mall.store,
        code=CLERK_CODE,
        hash_code=lambda code, store_id: keys.hash_clerk_code(
            code, mall.keys.derive(f"clerk-codes/{store_id}")
        ),
    )
    with mall.writing():
        sites.add_known_address(
            mall.site_id,
            street=STREET,
            city="Chandler",
            postal_code="85224",
            lat=33.3060,
            lon=-111.8640,
        )
        code = devices.make_desk_enrolment(mall.store.desk_id, now=clock.now())
    return Scene(mall, a_driver(mall), clerk, code)


def a_driver(mall: Mall, name: str = "Dina Diaz") -> Driver:
    """Sign a driver in, on duty, without a phone of their own."""
    with mall.writing():
        person_id = people.add_person(
            name,
            email=f"driver{next(_numbers)}@mallrun.test",
            phone=None,
            now=clock.now(),
            password_hash=None,
        ).id
        people.add_driver(person_id, vehicle="white Prius", plate="MP1", is_approved=True)
        if mall.is_hub:
            people.attach_to_hub(person_id, mall.site_id)
        people.set_duty(person_id, is_on_duty=True, site_id=mall.site_id, now=clock.now())
        new = factories.a_session("driver", person_id=person_id)
    client = mall.app.test_client()
    personas.show_cookie(client, "driver", new.token)
    return Driver(mall, person_id, 0, keys.new_private_key(), client, new.token)
