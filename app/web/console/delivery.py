"""One delivery as its dispatcher or its store's manager reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.deliveries import queries as deliveries
from app.deliveries.queries import Parcel
from app.domain import custody
from app.domain.delivery import ENDED, DeliveryStatus, Mover, may_move
from app.domain.events import EventType
from app.domain.run import RunStatus
from app.domain.tracking_answer import Span
from app.eventlog.queries import EventRow
from app.web.console.day import (
    DELIVERY_WORDS,
    RUN_WORDS,
    recipient_of,
    tone_of,
    trouble_of,
    trouble_text,
)
from app.web.console.dossier import Dossier, Moment
from app.web.console.handoffs import MeetingView, Said, meeting_views, not_counted
from app.web.console.incidents import IncidentView, incident_views
from app.web.console.words import BROUGHT, event_words
from app.web.texts import gettext as _
from app.web.texts import ngettext

#: A chain head is compared by eye: its beginning is enough to see a difference.
HEAD_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel and who has it."""

    number: int
    holder: str
    since: Moment


@dataclass(frozen=True, slots=True)
class RunLine:
    """The run that a delivery is in; `driver` is empty while nobody has it."""

    id: str
    status: str
    driver: str
    claims: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event with the beginning of the chain head after it."""

    at: Moment
    what: str
    who: str
    note: str
    head: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery: what is true of it, who says so, what does not fit, and what can be done.

    `planned` is until when it is planned, where that is before the window's end.
    """

    id: str
    title: str
    store_id: str
    store: str
    order: str
    status: str
    tone: str
    trouble: str
    window: str
    planned: str
    count: str
    parcels: tuple[ParcelRow, ...]
    run: RunLine | None
    incidents: tuple[IncidentView, ...]
    meetings: tuple[MeetingView, ...]
    is_pickup_inferred: bool
    not_counted: tuple[Said, ...]
    timeline: tuple[TimelineRow, ...]
    actions: tuple[str, ...]


def delivery_view(found: Dossier) -> DeliveryView:
    """Return a delivery's page. One query besides those of the dossier."""
    row, now_status = found.row, DeliveryStatus(found.row.status)
    recipient = deliveries.recipient(row.id)
    name = recipient_of(row, recipient.first_name if recipient is not None else "")
    trouble = trouble_of(row, now=found.times.now)
    count = row.parcel_count
    return DeliveryView(
        id=row.id,
        title=_("{store} to {recipient}").format(store=found.store.name, recipient=name),
        store_id=found.store.id,
        store=found.store.name,
        order=row.merchant_ref or "",
        status=_(DELIVERY_WORDS[now_status]),
        tone=tone_of(now_status, trouble),
        trouble=trouble_text(trouble),
        window=found.times.dated_span(Span(row.window_from, row.told_until)),
        planned=found.times.dated_clock(row.window_until) if row.promised_until else "",
        count=ngettext("{n} parcel", "{n} parcels", count).format(n=count),
        parcels=tuple(_parcels(found)),
        run=_run(found),
        incidents=tuple(incident_views(found)),
        meetings=tuple(meeting_views(found)),
        is_pickup_inferred=custody.settle(found.facts).is_pickup_inferred,
        not_counted=tuple(not_counted(found)),
        timeline=tuple(_timeline(found)),
        actions=tuple(_actions(now_status)),
    )


def _actions(status: DeliveryStatus) -> list[str]:
    """Return what a dispatcher may do now, by the last part of its address."""
    actions = ["recipient"]
    if may_move(status, DeliveryStatus.LOST, Mover.DISPATCHER):
        actions.append("lost")
    if status is DeliveryStatus.LOST:
        actions.append("found")
    return actions + ([] if status in ENDED else ["pin"]) + ["link"]


def _parcels(found: Dossier) -> Sequence[ParcelRow]:
    return [
        ParcelRow(parcel.number, _holder(parcel, found), found.moment(parcel.held_since))
        for parcel in found.parcels
    ]


def _holder(parcel: Parcel, found: Dossier) -> str:
    if parcel.holder_kind == "driver":
        return found.person(parcel.holder_id)
    if parcel.holder_kind == "carrier":
        return _("Carrier")
    if parcel.holder_kind != "store":
        return _("Customer")
    if parcel.place is None:
        return found.store.name
    # A hub's shelf or a station's bay.
    return _("{store}, at {place}").format(store=found.store.name, place=parcel.place)


def _run(found: Dossier) -> RunLine | None:
    run = found.run
    if run is None:
        return None
    return RunLine(
        id=run.id,
        status=_(RUN_WORDS[RunStatus(run.status)]),
        driver=found.person(run.driver_id) if run.driver_id else "",
        claims=ngettext("claimed once", "claimed {n} times", run.epoch).format(n=run.epoch)
        if run.epoch
        else _("not claimed yet"),
    )


def _timeline(found: Dossier) -> list[TimelineRow]:
    return [
        TimelineRow(
            at=found.moment(event.occurred_at),
            what=_what(found, event),
            who=found.actor(event.actor),
            note=str(notes.get("reason") or notes.get("note") or ""),
            head=event.head[:HEAD_SHOWN],
        )
        for event in found.events
        for notes in [found.notes.get(event.id, {})]
    ]


def _what(found: Dossier, event: EventRow) -> str:
    """Return what happened.

    Of parcels that were brought before their window, how long before; of those that a driver of
    ours brought to a hub, who, and what the desk has scanned.
    """
    stated = found.stated[event.id]
    if event.type == EventType.HANDOFF_TAKEN_IN.value and "driver" in stated:
        what = BROUGHT[str(stated["evidence"])]
        return _(what).format(name=found.person(str(stated["driver"])))
    early = -(-int(stated.get("early_s") or 0) // 60)
    if event.type != EventType.HANDOFF_DELIVERED.value or not early:
        return event_words(EventType(event.type), stated)
    return ngettext(
        "Delivered {n} minute before its window", "Delivered {n} minutes before its window", early
    ).format(n=early)
