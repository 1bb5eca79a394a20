"""Malls with their people, one per test: on one server they never meet each other's."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from app import clock
from app.accounts import devices
from tests import factories, personas
from tests.factories import Mall
from tests.office import code_hash
from tests.personas import Clerk, Driver

#: That the desk of every scene knows.
STREET = "1245 W Chandler Blvd"
WITHOUT_TABLET = "The tablet is off or broken"


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
        row = self.mall.only_delivery(run_id)
        answer = self.clerk.post(f"deliveries/{row.id}/cancel", reason="sold_out")
        assert answer.status_code == 200, answer.get_json()

    def link(self, run_id: str) -> str:
        """Return the tracking page of a run's only delivery."""
        return self.mall.link(self.mall.only_delivery(run_id).id)


def a_scene(app: Flask, kind: str = "mall") -> Scene:
    """Set up a site with a driver and a clerk; the server starts afterwards."""
    mall = factories.a_mall(app, kind=kind)
    clerk = personas.a_clerk(
        mall,
        "Carl",
        mall.store,
        hash_code=code_hash(mall),
    )
    mall.knows(STREET, lat=33.3060, lon=-111.8640)
    with mall.writing():
        code = devices.make_desk_enrolment(mall.store.desk_id, now=clock.now())
    return Scene(mall, a_driver(mall), clerk, code)


def a_driver(mall: Mall, name: str = "Dina Diaz") -> Driver:
    """Sign a driver in, on duty, without a phone of their own."""
    return personas.a_driver(mall, name, is_hubs_own=mall.is_hub, has_phone=False)
