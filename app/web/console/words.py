"""Words of the console for what is stored as a name: events, evidence, flags, levels, rules."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.delivery import CancelReason
from app.domain.events import EventType
from app.domain.handoff import EvidenceLevel
from app.domain.statement import StatementType
from app.web.texts import N_
from app.web.texts import gettext as _

EVENTS: Final = {
    EventType.DELIVERY_CREATED: N_("Placed by the store"),
    EventType.DELIVERY_PACKED: N_("Packed"),
    EventType.DELIVERY_UNPACKED: N_("Not packed after all"),
    EventType.DELIVERY_CANCELLED: N_("Cancelled"),
    EventType.DELIVERY_DEPARTED: N_("Left the mall"),
    EventType.DELIVERY_LOST: N_("Marked as lost"),
    EventType.DELIVERY_FOUND: N_("Not lost after all"),
    EventType.DELIVERY_CHANGED: N_("The order was changed"),
    EventType.INSTRUCTIONS_CHANGED: N_("Customer changed the instructions"),
    EventType.LINK_REISSUED: N_("Tracking link replaced"),
    EventType.PHONE_RETIRED: N_("Driver's phone ended"),
    EventType.PIN_REFUSED: N_("Wrong PIN"),
    EventType.PIN_ROTATED: N_("PIN replaced"),
    EventType.RECIPIENT_SHOWN: N_("Customer's name, phone and address were looked at"),
    EventType.RECIPIENT_ERASED: N_("Customer's name, phone and address were erased"),
    EventType.RUN_FORMED: N_("In a run that waits for more orders"),
    EventType.RUN_OFFERED: N_("Run is on offer"),
    EventType.RUN_RAISED: N_("No driver so far: the run pays more now"),
    EventType.RUN_CLAIMED: N_("Run taken"),
    EventType.RUN_RELEASED: N_("Run given up"),
    EventType.RUN_WARNED: N_("Driver warned: the run does not move"),
    EventType.RUN_REASSIGNED: N_("Left the run: its parcels are with another driver"),
    EventType.RUN_ORDER_PROPOSED: N_("Driver asked to take another order of stops"),
    EventType.RUN_REORDERED: N_("Driver took another order of stops"),
    EventType.RUN_PINNED: N_("Run pinned: it stays as it is"),
    EventType.RUN_UNPINNED: N_("Run unpinned"),
    EventType.RUN_SPLIT: N_("Run split by hand"),
    EventType.RUN_MERGED: N_("Runs put together by hand"),
    EventType.STOP_ARRIVED: N_("Driver arrived"),
    EventType.HANDOFF_TAKEN_IN: N_("Taken in from the carrier"),
    EventType.PARCEL_SHELVED: N_("Parcel put on a shelf"),
    EventType.PARCEL_SORTED: N_("Parcel put into its bay"),
    EventType.HANDOFF_PICKED_UP: N_("Driver says: collected"),
    EventType.HANDOFF_RELEASED: N_("Store says: given"),
    EventType.HANDOFF_DELIVERED: N_("Delivered"),
    EventType.HANDOFF_FAILED: N_("Could not be handed over"),
    EventType.HANDOFF_RETURNED: N_("Back at the store"),
    EventType.STATEMENT_RECORDED: N_("Statement recorded, not counted"),
    EventType.STATEMENT_JUDGED: N_("Decided whether a statement counts"),
    EventType.CUSTODY_RULED: N_("Decided who has the parcels"),
    EventType.INCIDENT_CLOSED: N_("Incident looked at and closed"),
    EventType.INCIDENT_REOPENED: N_("Incident opened again"),
}

#: Why it was cancelled, as a store or its office chooses it and everybody there reads it.
CANCEL_REASONS: Final = {
    CancelReason.OUT_OF_STOCK: N_("An article is not in stock"),
    CancelReason.DAMAGED: N_("An article is damaged"),
    CancelReason.CUSTOMER_ASKED: N_("The customer asked for it"),
    CancelReason.NO_TIME: N_("We cannot have it ready in time"),
    CancelReason.MISTAKE: N_("It was entered by mistake"),
    CancelReason.CORRECTED: N_("It was entered again with a correction"),
    CancelReason.OTHER: N_("Another reason"),
}

#: The others say nothing beside "cancelled".
_TOLD: Final = frozenset(CancelReason) - {CancelReason.OTHER}

#: Parcels that a driver of ours has brought to a hub, by what the desk has scanned.
BROUGHT: Final = {
    "label": N_("Taken in from {name}: phone and label scanned"),
    "carrier_code": N_("Taken in from {name}: phone scanned, code typed"),
}

STATEMENTS: Final = {
    StatementType.PICKED_UP.value: N_("Collected"),
    StatementType.RELEASED.value: N_("Given to the driver"),
    StatementType.DELIVERED.value: N_("Delivered"),
    StatementType.FAILED.value: N_("Could not be handed over"),
    StatementType.RETURNED.value: N_("Back at the store"),
    StatementType.CORRECTION.value: N_("“I did not take these parcels”"),
}

EVIDENCE: Final = {
    "release_code": N_("scanned the tablet's code"),
    "presence": N_("scanned the driver's phone"),
    "ticket": N_("scanned the driver's ticket"),
    "customer_code": N_("scanned the customer's code"),
    "label": N_("scanned the labels"),
    "carrier_code": N_("typed the carrier's code"),
    "short_code": N_("typed the short code"),
    "photo": N_("photo"),
    "pin": N_("the customer's PIN"),
    "assertion": N_("a word, no code"),
    "none": N_("no proof"),
    "manager_code": N_("a manager's code"),
    "desk": N_("the clerk's tap"),
}

FLAGS: Final = {
    "clock_ahead": N_("The device's clock was ahead of the server's."),
    "clock_behind": N_("The device's clock was behind what the device already knew."),
    "anchor_unknown": N_("The device knew a state of the log that the log never had."),
    "clock_jump": N_("The device's clock was moved by hand."),
    "stale_pair": N_("The two clocks were more than two minutes apart."),
    "count_mismatch": N_("The other side counted another number of parcels."),
    "gap": N_("Earlier steps of this device never arrived."),
    "late": N_("Arrived after its place had been given up."),
    "fork": N_("The device sent two different steps under this number."),
    "chain_broken": N_("Does not follow the step before it, as a copied device's would not."),
    "actor_removed": N_("The clerk had no access any more."),
    "actor_unknown": N_("Nobody of this store has that name."),
    "label_unproved": N_("Not every label was scanned at the store."),
    "ticket_set_differs": N_("The driver's phone had other deliveries in mind."),
    "manager_code_wrong": N_("The manager's code was wrong, or is locked."),
    "photo_missing": N_("The photo it names has not arrived."),
    "pin_wrong": N_("The PIN was wrong."),
    "key_retired": N_("The device was retired before this arrived."),
}

LEVELS: Final = {
    EvidenceLevel.E3: N_("both sides prove it"),
    EvidenceLevel.E2: N_("one side proves the other"),
    EvidenceLevel.E1: N_("possession, no counterpart"),
    EvidenceLevel.E0: N_("a word only"),
}

RULES: Final = {
    "C1": N_("Whoever proves to have the parcels keeps them, whatever the claim says."),
    "C2": N_("A word without proof does not beat the claim."),
    "C3": N_("Two proofs of one thing: everything is held until a person decides."),
    "C4": N_("What was collected after a cancellation goes back to the store."),
    "C5": N_("The customer's own proof beats the mark as lost."),
    "C6": N_("The first delivery stays, the second is recorded."),
    "C7": N_("When only the store has spoken, the driver is asked after 15 minutes."),
    "C8": N_("A different count stops nothing; both sides see it."),
}


def event_words(kind: EventType, facts: Mapping[str, Any]) -> str:
    """Return what happened; of what was cancelled for a reason that was chosen, also that one."""
    if kind is EventType.DELIVERY_CANCELLED and facts.get("reason") in _TOLD:
        why = _(CANCEL_REASONS[CancelReason(str(facts["reason"]))])
        return _("Cancelled: {reason}").format(reason=why)
    return _(EVENTS[kind])
