"""Placing deliveries: what a clerk or a merchant asks for becomes rows and its first event."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert

from app.deliveries import service
from app.deliveries.models import Delivery, Parcel, Recipient
from app.domain.act import Act
from app.domain.delivery import DeliveryStatus, ProofKind
from app.domain.errors import DomainError
from app.domain.eta import road_distance_m
from app.domain.events import EventType
from app.domain.geo import Point, distance_m
from app.domain.price import price_minor
from app.domain.site import INBOUND, SiteKind, carrier_code
from app.domain.vehicle import LARGEST_L, PARCEL_L
from app.eventlog.relay import Subject
from app.eventlog.service import NewEvent, record
from app.persistence.base import table_of
from app.persistence.ids import new_handle, new_id
from app.persistence.transaction import execute
from app.sites import queries as sites

#: How far from its store a delivery may go. The hub limit of 10 miles is the widest promise the
#: product makes.
REACH_M: Final = 16_093
_TRACKING_REF_BYTES: Final = 6
#: Of a row, as SQLAlchemy counts from there on.
_FIRST_VERSION: Final = 1
_ADD_DELIVERY: Final = insert(table_of(Delivery))
_ADD_RECIPIENT: Final = insert(table_of(Recipient))
_ADD_PARCELS: Final = insert(table_of(Parcel))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """What a clerk or a merchant asks for; texts are checked for length by the edge."""

    merchant_ref: str
    recipient_name: str
    phone: str
    street: str
    unit: str
    city: str
    postal_code: str
    lat: float
    lon: float
    parcel_count: int
    ready_at: datetime
    window_from: datetime
    window_until: datetime
    instructions: str
    leave_at_door: bool
    proof: ProofKind
    value_minor: int | None = None
    tip_minor: int = 0
    parcel_litres: int = PARCEL_L
    #: As quoted; None for the price that holds now.
    price_minor: int | None = None
    carrier_ref: str = ""
    #: What the customer is told, when `window_until` is planned earlier.
    promised_until: datetime | None = None


def place(
    new: NewDelivery,
    *,
    store_id: str,
    act: Act,
    merchant_id: str | None = None,
    is_by_hand: bool = False,
) -> str:
    """Make a delivery from a store's order, ask for it to join a run, and return its id.

    At a hub and a station its parcels are on their way in, and any merchant may have sent them:
    `merchant_id` says which, else it is the store's own. `is_by_hand` says that a clerk typed it at
    the store's desk: nobody else has a link to give to the customer.

    Raises:
        DomainError: `window_past`, `address_outside`, `too_large_for_vehicles`, `not_found`
            (store).
    """
    store = sites.store(store_id)
    if store is None:
        raise DomainError("not_found")
    away_m = distance_m(Point(store.lat, store.lon), Point(new.lat, new.lon))
    _require_possible(new, away_m, act.now)
    price = new.price_minor
    if price is None:
        price = price_minor(road_distance_m(away_m), new.parcel_count)
    subject = Subject(
        delivery_id=new_id("dlv"),
        handle=new_handle(),
        store_id=store.id,
        site_id=store.site_id,
        run_id=None,
        driver_id=None,
        rev=_FIRST_VERSION,
    )
    row = _delivery(new, subject, merchant_id=merchant_id or store.merchant_id, now=act.now)
    execute(_ADD_DELIVERY, row | {"price_minor": price, "is_by_hand": is_by_hand})
    execute(_ADD_RECIPIENT, _recipient(new, subject.delivery_id))
    site = sites.site(store.site_id)
    is_inbound = site is not None and SiteKind(site.kind) in INBOUND
    execute(_ADD_PARCELS, _parcels(new, subject, is_inbound=is_inbound, now=act.now))
    personal = {
        "name": new.recipient_name,
        "phone": new.phone,
        "street": new.street,
        "unit": new.unit,
    }
    facts = {"parcels": new.parcel_count}
    record([NewEvent(EventType.DELIVERY_CREATED, subject, facts, personal)], act=act)
    service.ask_to_form(store.site_id, act)
    return subject.delivery_id


def _require_possible(new: NewDelivery, away_m: float, now: datetime) -> None:
    if new.window_until <= now or new.window_until <= new.window_from:
        raise DomainError("window_past")
    if away_m > REACH_M:
        raise DomainError("address_outside", distance=f"{away_m / 1609.344:.1f} mi", limit="10 mi")
    litres = new.parcel_count * new.parcel_litres
    if litres > LARGEST_L:
        raise DomainError("too_large_for_vehicles", litres=litres, limit=LARGEST_L)


def _recipient(new: NewDelivery, delivery_id: str) -> dict[str, object]:
    return {
        "delivery_id": delivery_id,
        "name": new.recipient_name,
        "first_name": new.recipient_name.split()[0],
        "phone": new.phone,
        "street": new.street,
        "unit": new.unit,
        "instructions": new.instructions,
    }


def _parcels(
    new: NewDelivery, subject: Subject, *, is_inbound: bool, now: datetime
) -> list[dict[str, object]]:
    return [
        {
            "id": new_id("pcl"),
            "delivery_id": subject.delivery_id,
            "number": number,
            "holder_kind": "carrier" if is_inbound else "store",
            "holder_id": "" if is_inbound else subject.store_id,
            "held_since": now,
        }
        for number in range(1, new.parcel_count + 1)
    ]


def _delivery(
    new: NewDelivery, subject: Subject, *, merchant_id: str, now: datetime
) -> dict[str, object]:
    return {
        "id": subject.delivery_id,
        "handle": subject.handle,
        "tracking_ref": secrets.token_hex(_TRACKING_REF_BYTES),
        "tracking_version": 0,
        "site_id": subject.site_id,
        "store_id": subject.store_id,
        "merchant_id": merchant_id,
        "merchant_ref": new.merchant_ref or None,
        "carrier_ref": carrier_code(new.carrier_ref) or None,
        "status": DeliveryStatus.CREATED.value,
        "version": subject.rev,
        "city": new.city,
        "postal_code": new.postal_code,
        "lat": new.lat,
        "lon": new.lon,
        "parcel_count": new.parcel_count,
        "parcel_litres": new.parcel_litres,
        "ready_at": new.ready_at,
        "window_from": new.window_from,
        "window_until": new.window_until,
        "promised_until": new.promised_until,
        "leave_at_door": new.leave_at_door,
        "proof": new.proof.value,
        "value_minor": new.value_minor,
        "tip_minor": new.tip_minor,
        "pin_version": 0,
        "pin_tries": 0,
        "is_verification_pending": False,
        "created_at": now,
    }
