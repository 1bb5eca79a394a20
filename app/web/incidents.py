"""Incidents in words: what does not fit together, and what to do now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.deliveries.queries import Delivery
from app.domain.findings import FindingKind
from app.handoffs.incidents import Incident
from app.web.texts import N_
from app.web.texts import gettext as _

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """Title, what happened, and the next step for a driver and for a dispatcher.

    `others_title` and `others_detail` stand where the driver is not the reader; empty where both
    read the same.
    """

    title: str
    detail: str
    for_driver: str
    for_dispatcher: str
    others_title: str = ""
    others_detail: str = ""


_CALL: Final = N_("Go on. The dispatcher looks at it and calls you if something is missing.")

WORDS: Final[Mapping[str, Words]] = {
    FindingKind.CUSTODY_BEATS_ASSIGNMENT: Words(
        N_("Collected by another driver"),
        N_("The run had gone to another driver, but the one before has the parcels and the proof."),
        N_("Whoever has the parcels brings them. The other one leaves this stop out."),
        N_("Nothing: the delivery follows the parcels."),
    ),
    FindingKind.ASSIGNMENT_STAYS: Words(
        N_("Two drivers, one without proof"),
        N_("A driver who has no longer this run says that he took the parcels, without a code."),
        N_("If the parcels are with you, keep them. The dispatcher calls you."),
        N_("Ask both drivers who has the parcels, then decide."),
    ),
    FindingKind.DOUBLE_CUSTODY: Words(
        N_("Two drivers have proof of the same parcels"),
        N_("The store's codes say that two drivers took these parcels."),
        N_("Keep the parcels and do not deliver them yet. The dispatcher decides and calls you."),
        N_("Ask both drivers to look, then say who has the parcels."),
    ),
    FindingKind.COLLECTED_AFTER_CANCEL: Words(
        N_("Collected although cancelled"),
        N_("The store cancelled this delivery while the driver was without signal."),
        N_("Bring the parcels back to the store. The stop is in your list."),
        N_("See that the parcels come back to the store."),
    ),
    FindingKind.LOST_BUT_DELIVERED: Words(
        N_("Reported lost, then delivered"),
        N_("The delivery was marked as lost, and then the customer's own proof arrived."),
        N_("Nothing is to do."),
        N_("Nothing, if the proof is the customer's; otherwise ask the customer."),
    ),
    FindingKind.DOUBLE_DELIVERY: Words(
        N_("Delivered twice"),
        N_("Two drivers say that they delivered the same parcels."),
        _CALL,
        N_("Ask the customer what arrived."),
    ),
    FindingKind.UNCONFIRMED_RELEASE: Words(
        N_("The store says you have parcels"),
        N_("{store_name} says that you took {parcels} parcels, and this phone has not said so."),
        N_("Say whether you have them."),
        N_("Ask the driver whether the parcels are in the car."),
        N_("The store says the driver has parcels"),
        N_("{store_name} says that the driver took {parcels} parcels. The driver has not said so."),
    ),
    FindingKind.COUNT_MISMATCH: Words(
        N_("Parcel counts differ"),
        N_("The store and the driver counted different numbers of parcels."),
        N_("Count the parcels of this delivery again."),
        N_("Ask both sides to count again."),
    ),
    "needs_review": Words(
        N_("Times do not fit"),
        N_("The times of two devices lie too far apart, or a device was no longer in use."),
        _CALL,
        N_("Look at both statements, then decide whether the handoff counts."),
    ),
    "device_fork": Words(
        N_("A device may have been copied"),
        N_("One device sent two different steps under one number."),
        _CALL,
        N_("Ask the driver or clerk which device is theirs, and end the other one."),
    ),
    "pin_unproved": Words(
        N_("PIN was wrong"),
        N_("A PIN that was entered without signal turned out to be wrong."),
        _CALL,
        N_("Ask the customer whether the parcels arrived."),
    ),
    "clerk_removed": Words(
        N_("Handed over by somebody who had left"),
        N_("The clerk who handed over had no access any more; the tablet could not know it yet."),
        _CALL,
        N_("Ask the store who handed over."),
    ),
    "manager_code": Words(
        N_("Collected without a manager's code"),
        N_("The goods are worth more than the store's limit, and no right manager's code came."),
        _CALL,
        N_("Ask the store's manager whether the handover was right."),
    ),
    "disputed": Words(
        N_("The driver disagrees"),
        N_("The driver says that he did not take these parcels."),
        _CALL,
        N_("Ask the store to look on the counter."),
    ),
}


def title_of(row: Incident) -> str:
    """Return an incident's title as anybody but the driver reads it."""
    words = WORDS[row.kind]
    return _(words.others_title or words.title)


def detail_of(row: Incident) -> str:
    """Return what happened as anybody but the driver reads it, facts filled in."""
    words = WORDS[row.kind]
    return _(words.others_detail or words.detail).format_map(_facts(row))


def dispatcher_step(row: Incident) -> str:
    """Return what a dispatcher does next."""
    return _(WORDS[row.kind].for_dispatcher)


def for_driver(rows: Sequence[Incident], deliveries: Mapping[str, Delivery]) -> list[Json]:
    """Return incidents as a driver's app shows them; `ask` is a question to answer."""
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "handle": deliveries[row.delivery_id].handle,
            "title": _(WORDS[row.kind].title),
            "detail": _(WORDS[row.kind].detail).format_map(_facts(row)),
            "next_step": _(WORDS[row.kind].for_driver),
            "ask": _question(row),
        }
        for row in rows
        if row.delivery_id in deliveries
    ]


def for_store(rows: Sequence[Incident], deliveries: Mapping[str, Delivery]) -> list[Json]:
    """Return incidents as a store's tablet shows them."""
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "handle": deliveries[row.delivery_id].handle,
            "title": title_of(row),
            "detail": detail_of(row),
            "next_step": _("The dispatcher looks at it."),
            "ask": None,
        }
        for row in rows
        if row.delivery_id in deliveries
    ]


def _question(row: Incident) -> Json | None:
    if row.kind != FindingKind.UNCONFIRMED_RELEASE:
        return None
    facts = _facts(row)
    return {
        "event_id": facts.get("statement", ""),
        "parcel_count": facts.get("parcels", 0),
        "store_name": facts.get("store_name", ""),
    }


def _facts(row: Incident) -> dict[str, str | int]:
    facts: dict[str, str | int] = json.loads(row.facts)
    return facts
