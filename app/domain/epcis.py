"""Custody in the words of supply chains: an EPCIS 2.0 document of one delivery's events.

Nothing in it says who the customer or the driver is: parties are places in the delivery, and a
merchant's key reads more about them at the addresses that stand for them.

Source: GS1 EPCIS 2.0 and the vocabulary CBV 2.0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from urllib.parse import quote

from app.domain.custody_chain import Json
from app.domain.events import EventType

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

_STORE, _DRIVER, _CUSTOMER, _CARRIER = "store", "driver", "customer", "carrier"


@dataclass(frozen=True, slots=True)
class Shipment:
    """What the events are about.

    Attributes:
        address: Of the delivery at this installation, without a fragment.
        store_address: Of its store.
        vocabulary: Where our own words are described.
    """

    address: str
    store_address: str
    vocabulary: str
    merchant_ref: str | None
    parcel_count: int
    timezone: tzinfo


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the delivery's chain; `facts` are those of its record."""

    id: str
    type: EventType
    seq: int
    occurred_at: datetime
    received_at: datetime
    facts: Mapping[str, Json]
    head: str


@dataclass(frozen=True, slots=True)
class _Words:
    """How CBV calls what happened; from and to are parties, `at` where it was seen."""

    step: str
    disposition: str | None
    action: str = "OBSERVE"
    giver: str | None = None
    taker: str | None = None
    is_at_store: bool = False


_WORDS: Final = {
    EventType.DELIVERY_CREATED: _Words("commissioning", "active", "ADD", is_at_store=True),
    EventType.HANDOFF_TAKEN_IN: _Words(
        "receiving", "in_progress", giver=_CARRIER, taker=_STORE, is_at_store=True
    ),
    EventType.PARCEL_SHELVED: _Words("storing", "in_progress", is_at_store=True),
    EventType.PARCEL_SORTED: _Words("staging_outbound", "in_progress", is_at_store=True),
    EventType.DELIVERY_PACKED: _Words("packing", "in_progress", is_at_store=True),
    EventType.DELIVERY_UNPACKED: _Words("unpacking", "in_progress", is_at_store=True),
    EventType.DELIVERY_CANCELLED: _Words("void_shipping", "inactive", is_at_store=True),
    EventType.HANDOFF_RELEASED: _Words(
        "shipping", "in_transit", giver=_STORE, taker=_DRIVER, is_at_store=True
    ),
    EventType.HANDOFF_PICKED_UP: _Words(
        "accepting", "in_transit", giver=_STORE, taker=_DRIVER, is_at_store=True
    ),
    EventType.DELIVERY_DEPARTED: _Words("departing", "in_transit", is_at_store=True),
    EventType.HANDOFF_DELIVERED: _Words("accepting", None, giver=_DRIVER, taker=_CUSTOMER),
    EventType.HANDOFF_FAILED: _Words("holding", "in_transit"),
    EventType.HANDOFF_RETURNED: _Words(
        "accepting", "returned", giver=_DRIVER, taker=_STORE, is_at_store=True
    ),
    EventType.DELIVERY_LOST: _Words("inspecting", "unknown"),
    EventType.DELIVERY_FOUND: _Words("inspecting", "in_transit"),
}
#: At the counter the driver comes without the parcels: only the door is theirs.
_ARRIVED: Final = _Words("arriving", "in_transit")

#: What is exported; the rest of the chain says nothing about where the parcels are.
EXPORTED: Final = frozenset({*_WORDS, EventType.STOP_ARRIVED})
#: Facts that go along under our own prefix.
_FACTS: Final = ("level", "evidence", "visit", "reason", "recalled", "photo_sha256")


def epcis_document(
    shipment: Shipment, steps: Sequence[Step], *, made_at: datetime
) -> dict[str, Any]:
    """Return the EPCIS document of a delivery's events, in the order of its chain."""
    return {
        "@context": [CONTEXT, {"mallrun": shipment.vocabulary}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(made_at),
        "epcisBody": {
            "eventList": [
                _event(shipment, step, words)
                for step in steps
                if (words := _words_of(step)) is not None
            ]
        },
    }


def _words_of(step: Step) -> _Words | None:
    if step.type is EventType.STOP_ARRIVED:
        return _ARRIVED if step.facts.get("stop") == "dropoff" else None
    return _WORDS.get(step.type)


def _event(shipment: Shipment, step: Step, words: _Words) -> dict[str, Any]:
    event: dict[str, Any] = {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:{step.id}",
        "eventTime": _instant(step.occurred_at),
        "recordTime": _instant(step.received_at),
        "eventTimeZoneOffset": _offset(step.occurred_at, shipment.timezone),
        "epcList": _parcels(shipment, step),
        "action": words.action,
        "bizStep": words.step,
        "bizTransactionList": _transactions(shipment),
        "mallrun:type": step.type.value,
        "mallrun:sequence": step.seq,
        "mallrun:head": step.head,
    }
    if words.disposition is not None:
        event["disposition"] = words.disposition
    if words.is_at_store:
        event["readPoint"] = {"id": shipment.store_address}
    if words.giver is not None and words.taker is not None:
        giver, taker = _party(shipment, words.giver), _party(shipment, words.taker)
        event["sourceList"] = [{"type": "possessing_party", "source": giver}]
        event["destinationList"] = [{"type": "possessing_party", "destination": taker}]
    for name in _FACTS:
        if step.facts.get(name) is not None:
            event[f"mallrun:{name}"] = step.facts[name]
    return event


def _parcels(shipment: Shipment, step: Step) -> list[str]:
    """Return the parcels' names: of the one that an event is about, else of all."""
    one = step.facts.get("parcel")
    numbers = [one] if isinstance(one, int) else range(1, shipment.parcel_count + 1)
    return [f"{shipment.address}#parcel-{number}" for number in numbers]


def _party(shipment: Shipment, party: str) -> str:
    return shipment.store_address if party == _STORE else f"{shipment.address}#{party}"


def _transactions(shipment: Shipment) -> list[dict[str, str]]:
    found = [{"type": "desadv", "bizTransaction": shipment.address}]
    if shipment.merchant_ref is not None:
        order = f"{shipment.store_address}#order-{quote(shipment.merchant_ref, safe='')}"
        found.append({"type": "po", "bizTransaction": order})
    return found


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _offset(at: datetime, timezone: tzinfo) -> str:
    text = at.astimezone(timezone).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
