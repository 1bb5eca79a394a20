"""A crowd in the database: signed-in drivers and runs on offer by the thousand, written as rows.

The services would make them one by one, with a password hash and a planned route each. Promises
about many people need the rows, not the way they came about; what follows is the product's doing.
"""

import random
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from app.accounts.models import Driver, LoginSession, Person
from app.accounts.sessions import token_hash
from app.deliveries.models import Delivery, Parcel, Recipient
from app.domain.pay_rules import CURRENT_PAY_RULE
from app.persistence.ids import new_handle, new_id
from app.persistence.transaction import session
from app.runs.models import PayLineRow, Run, Stop
from app.sites import service as sites
from tests import factories
from tests.places import MALL, STORE

WINDOW = timedelta(hours=3)
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """A site with one store, and its desk."""

    site_id: str
    store_id: str
    merchant_id: str
    desk_id: str


@dataclass(frozen=True, slots=True)
class SignedInDriver:
    """A driver on duty, with the cookie of an open sign-in."""

    person_id: str
    session_id: str
    token: str


@dataclass(frozen=True, slots=True)
class RunShape:
    """How the runs of a crowd look.

    Attributes:
        status: `offered`, or `finished` with a driver.
        door_count: Deliveries per run, one parcel each.
        driver_id: Who held a finished run.
    """

    status: str = "offered"
    door_count: int = 2
    driver_id: str | None = None


def add_place() -> Place:
    """Add the mall with one store."""
    site_id = sites.add_site(MALL).id
    counter = factories.a_counter(site_id, STORE.name)
    return Place(site_id, counter.store_id, counter.merchant_id, counter.desk_id)


def add_drivers(count: int, site_id: str, *, now: datetime) -> list[SignedInDriver]:
    """Add approved drivers on duty at a site, each signed in on a phone."""
    crowd = [
        SignedInDriver(new_id("per"), new_id("ses"), secrets.token_urlsafe(32))
        for _ in range(count)
    ]
    _insert(
        Person,
        (
            {"id": each.person_id, "name": "Dina Diaz", "first_name": "Dina", "created_at": now}
            for each in crowd
        ),
    )
    _insert(Driver, (_driver_row(each, site_id, now) for each in crowd))
    _insert(LoginSession, (_session_row(each, now) for each in crowd))
    return crowd


def add_runs(count: int, place: Place, shape: RunShape = RunShape(), *, now: datetime) -> list[str]:
    """Add runs of one store with stops, deliveries and pay; return their ids in order."""
    ids = [new_id("run") for _ in range(count)]
    for start in range(0, count, _BATCH):
        _add_some_runs(ids[start : start + _BATCH], place, shape, now)
    return ids


def add_orders(count: int, place: Place, *, now: datetime) -> None:
    """Add deliveries that are in no run yet, all over town, for now or for the evening."""
    chance = random.Random(count)  # noqa: S311 - Cases, not secrets.
    for start in range(0, count, _BATCH):
        ids = [new_id("dlv") for _ in range(start, min(start + _BATCH, count))]
        _insert(Delivery, (_order_row(each, place, chance, now) for each in ids))
        _insert(Recipient, (_recipient_row(each) for each in ids))
        _insert(Parcel, (_parcel_row(each, place, now) for each in ids))


def _order_row(
    delivery_id: str, place: Place, chance: random.Random, now: datetime
) -> dict[str, Any]:
    opens = now + timedelta(hours=chance.choice([0, 0, 2, 4]))
    return delivery_row(None, delivery_id, place, RunShape(), now) | {
        "lat": MALL.lat + chance.gauss(0, 0.04),
        "lon": MALL.lon + chance.gauss(0, 0.04),
        "window_from": opens,
        "window_until": opens + timedelta(hours=chance.choice([2, 3, 4])),
    }


def _add_some_runs(ids: Sequence[str], place: Place, shape: RunShape, now: datetime) -> None:
    doors = [(run_id, new_id("dlv")) for run_id in ids for _ in range(shape.door_count)]
    _insert(Run, (_run_row(run_id, place, shape, now) for run_id in ids))
    _insert(Delivery, (delivery_row(run_id, each, place, shape, now) for run_id, each in doors))
    _insert(Recipient, (_recipient_row(delivery_id) for _run_id, delivery_id in doors))
    _insert(Parcel, (_parcel_row(delivery_id, place, now) for _run_id, delivery_id in doors))
    _insert(Stop, _stop_rows(ids, doors, place, shape, now))
    _insert(PayLineRow, (row for run_id in ids for row in _pay_rows(run_id, now)))


def _insert(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    listed = list(rows)
    if listed:
        session().execute(insert(model), listed)


def _driver_row(driver: SignedInDriver, site_id: str, now: datetime) -> dict[str, Any]:
    return {
        "person_id": driver.person_id,
        "vehicle": "white Toyota Prius",
        "plate": "MALL 1",
        "is_approved": True,
        "is_on_duty": True,
        "duty_site_id": site_id,
        "duty_changed_at": now,
        "active_runs": 0,
        "max_active_runs": 1,
    }


def _session_row(driver: SignedInDriver, now: datetime) -> dict[str, Any]:
    return {
        "id": driver.session_id,
        "token_hash": token_hash(driver.token),
        "audience": "driver",
        "person_id": driver.person_id,
        "created_at": now,
        "seen_at": now,
    }


def _run_row(run_id: str, place: Place, shape: RunShape, now: datetime) -> dict[str, Any]:
    is_finished = shape.status == "finished"
    return {
        "id": run_id,
        "site_id": place.site_id,
        "status": shape.status,
        "version": 1,
        "epoch": 1 if is_finished else 0,
        "driver_id": shape.driver_id,
        "distance_m": 5_200,
        "duration_s": 1_500,
        "parcel_count": shape.door_count,
        "window_from": now,
        "window_until": now + WINDOW,
        "pay_rule": CURRENT_PAY_RULE,
        "currency": MALL.currency,
        "created_at": now,
        "claimed_at": now if is_finished else None,
        "finished_at": now if is_finished else None,
    }


def delivery_row(
    run_id: str | None, delivery_id: str, place: Place, shape: RunShape, now: datetime
) -> dict[str, Any]:
    """Return a delivery's columns; who needs others replaces them."""
    is_finished = shape.status == "finished"
    return {
        "id": delivery_id,
        "handle": new_handle(),
        "tracking_ref": secrets.token_hex(6),
        "tracking_version": 0,
        "site_id": place.site_id,
        "store_id": place.store_id,
        "merchant_id": place.merchant_id,
        "status": "delivered" if is_finished else "ready_for_pickup",
        "version": 1,
        "run_id": run_id,
        "city": MALL.city,
        "postal_code": "85224",
        "lat": 33.3170,
        "lon": -111.8800,
        "parcel_count": 1,
        "ready_at": now,
        "packed_at": now,
        "window_from": now,
        "window_until": now + WINDOW,
        "leave_at_door": False,
        "proof": "none",
        "tip_minor": 0,
        "pin_version": 0,
        "pin_tries": 0,
        "is_verification_pending": False,
        "created_at": now,
        "ended_at": now if is_finished else None,
    }


def _recipient_row(delivery_id: str) -> dict[str, Any]:
    return {
        "delivery_id": delivery_id,
        "name": "Cleo Cruz",
        "first_name": "Cleo",
        "phone": "+14805550101",
        "street": "123 N Dobson Rd",
        "unit": "4",
        "instructions": "",
    }


def _parcel_row(delivery_id: str, place: Place, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id("pcl"),
        "delivery_id": delivery_id,
        "number": 1,
        "holder_kind": "store",
        "holder_id": place.store_id,
        "held_since": now,
    }


def _stop_rows(
    run_ids: Sequence[str],
    doors: Sequence[tuple[str, str]],
    place: Place,
    shape: RunShape,
    now: datetime,
) -> Iterable[dict[str, Any]]:
    status = "done" if shape.status == "finished" else "ahead"
    common = {"status": status, "travel_s": 300, "distance_m": 1_600, "planned_at": now}
    for run_id in run_ids:
        pickup = {"kind": "pickup", "store_id": place.store_id, "delivery_id": None}
        yield {"id": new_id("stp"), "run_id": run_id, "number": 1, **pickup, **common}
    number: dict[str, int] = dict.fromkeys(run_ids, 1)
    for run_id, delivery_id in doors:
        number[run_id] += 1
        door = {"kind": "dropoff", "store_id": None, "delivery_id": delivery_id}
        yield {"id": new_id("stp"), "run_id": run_id, "number": number[run_id], **door, **common}


def _pay_rows(run_id: str, now: datetime) -> Iterable[dict[str, Any]]:
    lines = (("base", 300, 1, 300), ("per_mile", 226, 5_200, 70), ("per_stop", 450, 3, 150))
    for kind, amount_minor, quantity, unit_minor in lines:
        yield {
            "id": new_id("pay"),
            "run_id": run_id,
            "kind": kind,
            "ref": "",
            "amount_minor": amount_minor,
            "quantity": quantity,
            "unit_minor": unit_minor,
            "created_at": now,
        }
