"""A driver at the last stop, a customer who waits, a desk at work: pages at their fullest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import update

from app import clock
from app.accounts.models import Driver
from app.deliveries import queries as deliveries
from app.deliveries.models import Delivery
from app.persistence.transaction import session, transaction
from app.runs import queries as runs
from app.runs.models import Run, Stop
from app.tracking.links import tracking_token
from tests import factories
from tests.promises import crowd
from tests.promises.crowd import Place, RunShape, SignedInDriver

#: Any point will do for a desk whose tablet signs nothing here.
TABLET_KEY = bytes([4, *range(64)])


@dataclass(frozen=True, slots=True)
class Showcase:
    """A driver on the way to a door, the customer's link, and a desk with its clerk.

    Attributes:
        place: Where it happens.
        tracking_path: `/t/<token>` of the delivery that the driver brings next.
        offered_run_id: A run that waits for a driver, one of several.
        cookies: Value of the Cookie header of a `driver` under way, of one who is `looking` for a
            run, of a `desk`, and of a dispatcher at the `office`.
    """

    place: Place
    tracking_path: str
    offered_run_id: str
    cookies: Mapping[str, str]


def add_showcase(app: Flask, *, size: int = 1) -> Showcase:
    """Add a place with everything under way; the server may start afterwards.

    Args:
        app: Over an empty database.
        size: How many doors the driver has before them, how many runs are on offer, and how many
            doors each of those has.
    """
    with app.app_context(), transaction():
        now = clock.now()
        place = crowd.add_place()
        driver, path = add_driver_under_way(app, place, door_count=size, now=now)
        (looking,) = crowd.add_drivers(1, place.site_id, now=now)
        offered = crowd.add_runs(size, place, RunShape(door_count=size), now=now)
        desk_cookie = _signed_in_desk(place)
        dispatcher_id = factories.a_person("Desmond Day", ("dispatcher", ""))
        office = factories.a_session("console", person_id=dispatcher_id)
    cookies = {
        "driver": f"mallrun_driver={driver.token}",
        "looking": f"mallrun_driver={looking.token}",
        "desk": desk_cookie,
        "office": f"mallrun_console={office.token}",
    }
    return Showcase(place, path, offered[0], cookies)


def add_driver_under_way(
    app: Flask, place: Place, *, door_count: int = 1, now: datetime
) -> tuple[SignedInDriver, str]:
    """Add a driver on the way to a run's first door; return also that door's tracking path."""
    (driver,) = crowd.add_drivers(1, place.site_id, now=now)
    (run_id,) = crowd.add_runs(1, place, RunShape(door_count=door_count), now=now)
    _set_out(run_id, driver.person_id, now)
    next_door = runs.stops_of_run(run_id)[1].delivery_id
    row = deliveries.deliveries_by_id([next_door or ""])[next_door or ""]
    mac = app.extensions["mallrun_keys"].mac("tracking")
    return driver, f"/t/{tracking_token(row, mac)}"


def _set_out(run_id: str, driver_id: str, now: datetime) -> None:
    held = {"status": "delivering", "driver_id": driver_id, "epoch": 1, "claimed_at": now}
    session().execute(update(Run).where(Run.id == run_id).values(held))
    session().execute(update(Driver).where(Driver.person_id == driver_id).values(active_runs=1))
    pickup = runs.stops_of_run(run_id)[0]
    done = {"status": "done", "arrived_at": now, "done_at": now}
    session().execute(update(Stop).where(Stop.id == pickup.id).values(done))
    gone = {"status": "enroute_to_dropoff", "picked_up_at": now}
    session().execute(update(Delivery).where(Delivery.run_id == run_id).values(gone))


def _signed_in_desk(place: Place) -> str:
    _kid, tablet = factories.a_tablet(place.desk_id, TABLET_KEY)
    clerk_id, _number = factories.a_clerk(place.store_id, "Carl")
    person = factories.a_session("clerk", desk_id=place.desk_id, clerk_id=clerk_id)
    return f"mallrun_desk={tablet.token}; mallrun_clerk={person.token}"
