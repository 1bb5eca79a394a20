"""Names of what can happen, `noun.past_participle`, and which of it a customer is told."""

from enum import StrEnum
from typing import Final


class EventType(StrEnum):
    """What can happen to a delivery; the values are stored for ever."""

    DELIVERY_CREATED = "delivery.created"
    DELIVERY_PACKED = "delivery.packed"
    DELIVERY_UNPACKED = "delivery.unpacked"
    DELIVERY_CANCELLED = "delivery.cancelled"
    DELIVERY_DEPARTED = "delivery.departed"
    DELIVERY_LOST = "delivery.lost"
    DELIVERY_FOUND = "delivery.found"
    DELIVERY_CHANGED = "delivery.changed"
    INSTRUCTIONS_CHANGED = "instructions.changed"
    LINK_REISSUED = "link.reissued"
    PHONE_RETIRED = "phone.retired"
    PIN_REFUSED = "pin.refused"
    PIN_ROTATED = "pin.rotated"
    RECIPIENT_SHOWN = "recipient.shown"
    RECIPIENT_ERASED = "recipient.erased"
    RUN_FORMED = "run.formed"
    RUN_OFFERED = "run.offered"
    RUN_RAISED = "run.raised"
    RUN_CLAIMED = "run.claimed"
    RUN_RELEASED = "run.released"
    RUN_WARNED = "run.warned"
    RUN_REASSIGNED = "run.reassigned"
    RUN_ORDER_PROPOSED = "run.order_proposed"
    RUN_REORDERED = "run.reordered"
    RUN_PINNED = "run.pinned"
    RUN_UNPINNED = "run.unpinned"
    RUN_SPLIT = "run.split"
    RUN_MERGED = "run.merged"
    STOP_ARRIVED = "stop.arrived"
    HANDOFF_TAKEN_IN = "handoff.taken_in"
    PARCEL_SHELVED = "parcel.shelved"
    PARCEL_SORTED = "parcel.sorted"
    HANDOFF_PICKED_UP = "handoff.picked_up"
    HANDOFF_RELEASED = "handoff.released"
    HANDOFF_DELIVERED = "handoff.delivered"
    HANDOFF_FAILED = "handoff.failed"
    HANDOFF_RETURNED = "handoff.returned"
    STATEMENT_RECORDED = "statement.recorded"
    STATEMENT_JUDGED = "statement.judged"
    CUSTODY_RULED = "custody.ruled"
    INCIDENT_CLOSED = "incident.closed"
    INCIDENT_REOPENED = "incident.reopened"


#: What the tracking page lists; the rest is the operator's.
FOR_CUSTOMERS: Final = frozenset(
    {
        EventType.DELIVERY_CREATED,
        EventType.DELIVERY_PACKED,
        EventType.DELIVERY_UNPACKED,
        EventType.DELIVERY_CANCELLED,
        EventType.DELIVERY_DEPARTED,
        EventType.DELIVERY_CHANGED,
        EventType.INSTRUCTIONS_CHANGED,
        EventType.PIN_ROTATED,
        EventType.RUN_CLAIMED,
        EventType.RUN_RELEASED,
        EventType.STOP_ARRIVED,
        EventType.HANDOFF_TAKEN_IN,
        EventType.HANDOFF_PICKED_UP,
        EventType.HANDOFF_DELIVERED,
        EventType.HANDOFF_FAILED,
        EventType.HANDOFF_RETURNED,
    }
)

#: Whose records the holder of a tracking link may read in a proof: what happened to the parcels. Of
#: the rest (whose run it was, why it was given back, wrong PINs) a proof has the hashes only.
FOR_PROOFS: Final = frozenset(
    {
        EventType.DELIVERY_CREATED,
        EventType.DELIVERY_PACKED,
        EventType.DELIVERY_UNPACKED,
        EventType.DELIVERY_CANCELLED,
        EventType.DELIVERY_DEPARTED,
        EventType.INSTRUCTIONS_CHANGED,
        EventType.STOP_ARRIVED,
        EventType.HANDOFF_TAKEN_IN,
        EventType.PARCEL_SHELVED,
        EventType.PARCEL_SORTED,
        EventType.HANDOFF_PICKED_UP,
        EventType.HANDOFF_RELEASED,
        EventType.HANDOFF_DELIVERED,
        EventType.HANDOFF_FAILED,
        EventType.HANDOFF_RETURNED,
    }
)
