"""Reading through whose hands a delivery's parcels have gone, as its customer may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.accounts import queries as accounts
from app.deliveries.queries import Delivery
from app.domain.delivery import DeliveryStatus
from app.domain.events import EventType
from app.domain.handoff import EvidenceLevel
from app.domain.run import FailReason
from app.domain.site import INBOUND, SiteKind
from app.eventlog import queries as eventlog
from app.eventlog.service import facts_of
from app.handoffs import queries as handoffs
from app.handoffs import visits
from app.sites import queries as sites

Party = Literal["carrier", "store", "driver", "customer"]


@dataclass(frozen=True, slots=True)
class Hand:
    """The parcels went from one party to another.

    Attributes:
        driver: First name of the driver who gave or took; of a carrier's only while it is known
            who brought the parcel.
        evidence: What showed it, as the handoff has it.
        parcel: Which parcel, where they come one by one; 0 for all.
    """

    giver: Party
    taker: Party
    driver: str
    evidence: str
    level: EvidenceLevel
    at: datetime
    parcel: int = 0


@dataclass(frozen=True, slots=True)
class FailedTry:
    """The parcels stayed where they were."""

    reason: FailReason
    at: datetime


@dataclass(frozen=True, slots=True)
class CustodyView:
    """Everything that the custody page tells.

    Attributes:
        ordered_at: Since then the store has had the parcels, or a carrier.
        is_brought_in: A carrier brings them to the store.
        steps: What happened to them since, oldest first.
    """

    handle: str
    timezone: str
    status: DeliveryStatus
    store_name: str
    parcel_count: int
    ordered_at: datetime
    is_brought_in: bool
    steps: tuple[Hand | FailedTry, ...]

    @property
    def hands(self) -> tuple[Hand, ...]:
        """Only the changes of hands."""
        return tuple(step for step in self.steps if isinstance(step, Hand))


def custody_view(row: Delivery) -> CustodyView:
    """Return through whose hands a delivery has gone. At most eight queries."""
    site, store = sites.site(row.site_id), sites.store(row.store_id)
    if site is None or store is None:
        message = "a delivery without site or store"
        raise LookupError(message)
    steps: list[Hand | FailedTry] = [
        *_brought_in(row.id),
        *_hands(row.id),
        *_failed_tries(row.id),
    ]
    return CustodyView(
        handle=row.handle,
        timezone=site.timezone,
        status=DeliveryStatus(row.status),
        store_name=store.name,
        parcel_count=row.parcel_count,
        ordered_at=row.created_at,
        is_brought_in=SiteKind(site.kind) in INBOUND,
        steps=tuple(sorted(steps, key=lambda step: step.at)),
    )


#: Giver and taker by a handoff's kind.
_PARTIES: dict[str, tuple[Party, Party]] = {
    "pickup": ("store", "driver"),
    "dropoff": ("driver", "customer"),
    "return": ("driver", "store"),
}


def _brought_in(delivery_id: str) -> Sequence[Hand]:
    found = handoffs.intakes_of(delivery_id)
    visit_ids = {row.visit_id for row in found if row.visit_id is not None}
    by_id = visits.visits_by_id(list(visit_ids)) if visit_ids else {}
    people = accounts.people_by_id({each.driver_id for each in by_id.values()}) if by_id else {}
    names = {each.id: people[each.driver_id].first_name for each in by_id.values()}
    return [
        Hand(
            "carrier",
            "store",
            names.get(row.visit_id or "", ""),
            row.evidence_kind,
            EvidenceLevel(row.level),
            row.occurred_at,
            row.number,
        )
        for row in found
    ]


def _hands(delivery_id: str) -> Sequence[Hand]:
    found = handoffs.handoffs_of(delivery_id)
    ids = {row.id: row.to_id if row.to_kind == "driver" else row.from_id for row in found}
    names = accounts.people_by_id(set(ids.values()))
    hands: list[Hand] = []
    for row in found:
        giver, taker = _PARTIES[row.kind]
        person = names.get(ids[row.id])
        name = person.first_name if person is not None else ""
        level = EvidenceLevel(row.level)
        hands.append(Hand(giver, taker, name, row.evidence_kind, level, row.occurred_at))
    return hands


def _failed_tries(delivery_id: str) -> Sequence[FailedTry]:
    return [
        FailedTry(FailReason(str(facts_of(event.record)["reason"])), event.occurred_at)
        for event in eventlog.timeline(delivery_id, {EventType.HANDOFF_FAILED})
    ]
