"""What a driver has before him: the run he holds, or where he is on duty.

Every phone asks for it again and again, and every command is answered with it. So the statements
are made once, and rows stay rows (`app.persistence.parts`).
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from app.accounts.queries import Device, Driver, Person
from app.deliveries.queries import Delivery, Recipient
from app.persistence.base import choice, table_of
from app.persistence.parts import Parts, columns_of
from app.persistence.transaction import execute
from app.runs.models import OrderProposal, PayLineRow, Run, Stop
from app.runs.queries import HELD_VALUES, pay_order
from app.sites.queries import Site, Store


class Myself(NamedTuple):
    """A person, as their own app shows them."""

    id: str
    name: str
    first_name: str
    photo_key: str | None


class AsDriver(NamedTuple):
    """The same person as a driver."""

    person_id: str
    vehicle: str
    vehicle_class: str
    is_approved: bool
    is_on_duty: bool
    duty_site_id: str | None
    duty_changed_at: datetime | None
    shift_until: datetime | None
    hub_id: str | None


class HeldRun(NamedTuple):
    """A run that is held now."""

    id: str
    site_id: str
    status: str
    version: int
    epoch: int
    distance_m: int
    duration_s: int
    currency: str
    claimed_at: datetime | None
    wave_at: datetime | None
    bay: int | None


class OpenProposal(NamedTuple):
    """Another order of a run's stops that its driver is asked to take; `stop_ids` is JSON."""

    id: str
    stop_ids: str
    reason: str
    about_stop_id: str
    saved_s: int
    late_saved_s: int
    wait_s: int


class Place(NamedTuple):
    """Where a run begins, or a driver is on duty."""

    id: str
    kind: str
    name: str
    city: str
    timezone: str
    lat: float
    lon: float
    parking_lat: float
    parking_lon: float
    parking_note: str
    entrance_name: str
    entrance_lat: float
    entrance_lon: float
    entrance_note: str
    dispatcher_phone: str | None


class AtWork(NamedTuple):
    """A driver with what their own app shows first.

    Attributes:
        phone_kid: Key number of their phone; None before enrolment.
        person: Who it is.
        driver: The same as a driver.
        run: The run held now, the oldest of several.
        proposal: What the driver is asked about the order of its stops.
        place: The run's, or else where the driver is on duty.
    """

    phone_kid: int | None
    person: Myself
    driver: AsDriver
    run: HeldRun | None
    proposal: OpenProposal | None
    place: Place | None


class Carried(NamedTuple):
    """A delivery of a run."""

    id: str
    handle: str
    store_id: str
    status: str
    city: str
    postal_code: str
    lat: float
    lon: float
    parcel_count: int
    value_minor: int | None
    ready_at: datetime
    packed_at: datetime | None
    window_from: datetime
    window_until: datetime
    leave_at_door: bool
    proof: str
    pin_tries: int
    verification: str | None
    is_held: bool


class Addressee(NamedTuple):
    """Who gets it, and where."""

    delivery_id: str
    first_name: str
    street: str
    unit: str
    instructions: str


class Counter(NamedTuple):
    """The store where it is collected, with what it asks of a collection."""

    id: str
    number: int
    name: str
    floor_name: str
    unit: str
    counter_note: str
    lat: float
    lon: float
    minimum_level: str
    manager_code_above_minor: int | None
    manager_code_hash: str | None


class Content(NamedTuple):
    """A delivery with both its ends; `person` is None once erased."""

    delivery: Carried
    person: Addressee | None
    store: Counter


class RunStop(NamedTuple):
    """A stop of a run, as `Stop`."""

    id: str
    number: int
    kind: str
    status: str
    store_id: str | None
    delivery_id: str | None
    travel_s: int
    distance_m: int
    planned_at: datetime
    arrived_at: datetime | None
    done_at: datetime | None


class PayPart(NamedTuple):
    """A line of pay, as `PayLineRow`."""

    id: str
    kind: str
    ref: str
    amount_minor: int
    quantity: int
    unit_minor: int
    created_at: datetime


_AT_WORK_PARTS: Final = Parts(
    (Person, Myself),
    (Driver, AsDriver),
    (Run, HeldRun),
    (OrderProposal, OpenProposal),
    (Site, Place),
    after=1,
)
_PERSON: Final = table_of(Person)
_DRIVER: Final = table_of(Driver)
_DEVICE: Final = table_of(Device)
_RUN: Final = table_of(Run)
_PROPOSAL: Final = table_of(OrderProposal)
_SITE: Final = table_of(Site)
_AT_WORK: Final = (
    select(_DEVICE.c.kid, *_AT_WORK_PARTS.columns)
    .select_from(_PERSON)
    .join(_DRIVER, _DRIVER.c.person_id == _PERSON.c.id)
    .outerjoin(
        _DEVICE,
        and_(
            _DEVICE.c.person_id == _PERSON.c.id,
            _DEVICE.c.kind == "phone",
            _DEVICE.c.retired_at.is_(None),
        ),
    )
    .outerjoin(_RUN, and_(_RUN.c.driver_id == _PERSON.c.id, _RUN.c.status.in_(choice(HELD_VALUES))))
    .outerjoin(
        _PROPOSAL,
        and_(
            _PROPOSAL.c.run_id == _RUN.c.id,
            # Who had the run before was asked something else.
            _PROPOSAL.c.epoch == _RUN.c.epoch,
            _PROPOSAL.c.answered_at.is_(None),
        ),
    )
    .outerjoin(_SITE, _SITE.c.id == func.coalesce(_RUN.c.site_id, _DRIVER.c.duty_site_id))
    .where(_PERSON.c.id == bindparam("wanted"))
    .order_by(_RUN.c.claimed_at)
    .limit(1)
)
_CONTENT_PARTS: Final = Parts((Delivery, Carried), (Recipient, Addressee), (Store, Counter))
_DELIVERY: Final = table_of(Delivery)
_RECIPIENT: Final = table_of(Recipient)
_STORE: Final = table_of(Store)
_CONTENTS: Final = (
    select(*_CONTENT_PARTS.columns)
    .select_from(_DELIVERY)
    .join(_STORE, _STORE.c.id == _DELIVERY.c.store_id)
    .outerjoin(_RECIPIENT, _RECIPIENT.c.delivery_id == _DELIVERY.c.id)
    .where(_DELIVERY.c.run_id == bindparam("of_run"))
    .order_by(_DELIVERY.c.id)
)
_STOP: Final = table_of(Stop)
_STOPS: Final = (
    select(*columns_of(Stop, RunStop))
    .where(_STOP.c.run_id == bindparam("of_run"))
    .order_by(_STOP.c.number)
)
_PAY: Final = select(*columns_of(PayLineRow, PayPart)).where(
    table_of(PayLineRow).c.run_id == bindparam("of_run")
)


def at_work(person_id: str) -> AtWork | None:
    """Return a driver with the run that is held now and its place, or None. One query."""
    row = execute(_AT_WORK, {"wanted": person_id}).first()
    return AtWork(row[0], *_AT_WORK_PARTS.of(row)) if row is not None else None


def contents(run_id: str) -> list[Content]:
    """Return a run's deliveries by id, each with its recipient and store. One query."""
    return [Content(*_CONTENT_PARTS.of(row)) for row in execute(_CONTENTS, {"of_run": run_id})]


def stops(run_id: str) -> list[RunStop]:
    """Return a run's stops in order. One query."""
    return [RunStop(*row) for row in execute(_STOPS, {"of_run": run_id})]


def pay(run_id: str) -> list[PayPart]:
    """Return a run's lines of pay, base first, tips last. One query."""
    lines = [PayPart(*row) for row in execute(_PAY, {"of_run": run_id})]
    lines.sort(key=lambda line: pay_order(line.kind, line.ref, line.created_at, line.id))
    return lines
