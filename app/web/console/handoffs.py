"""Handoffs as both sides tell them: how well proved, when, by whom, on what evidence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.domain.envelope import read_envelope
from app.domain.events import EventType
from app.domain.facts import STRONG
from app.domain.meetings import Meeting, MeetingKind, meetings_of
from app.domain.problems import PROBLEMS
from app.domain.review import DOUBTFUL
from app.eventlog.queries import EventRow
from app.handoffs.queries import StatementRow
from app.handoffs.statements import HELD_FOR
from app.web.console.dossier import Dossier, Moment, listed
from app.web.console.words import EVIDENCE, FLAGS, LEVELS, STATEMENTS
from app.web.problems import words_of
from app.web.texts import N_, ngettext
from app.web.texts import gettext as _

#: Shorter delays are the way through the network, not a time without signal.
_AT_ONCE: Final = timedelta(seconds=60)
_TITLES: Final = {
    MeetingKind.COLLECTION: N_("Collected by {driver}"),
    MeetingKind.FAILURE: N_("Not handed over by {driver}"),
    MeetingKind.DELIVERY: N_("Delivered by {driver}"),
    MeetingKind.RETURN: N_("Brought back by {driver}"),
}
_BY_NOBODY: Final = {
    MeetingKind.COLLECTION: N_("Given by the store, taken by nobody so far"),
    MeetingKind.RETURN: N_("Back at the store"),
}
#: Kinds at which a clerk stands on the other side.
_AT_STORE: Final = frozenset({MeetingKind.COLLECTION, MeetingKind.RETURN})


@dataclass(frozen=True, slots=True)
class Said:
    """One statement or command.

    Attributes:
        id: Of the signed statement; empty for a command, which nobody signed.
        what: What it says.
        who: Who said it.
        device: On what, and which of its steps.
        at: By the device's clock.
        received: By the server's, with how much later that was.
        basis: Parcels and evidence.
        flags: What is odd about it.
        answer: Why it does not count, or did not come to what it says; empty when it did.
        code: The stable code of that answer.
        verdict: What a person has decided about it; empty while nobody has.
        may_be_judged: A person may let it count.
    """

    id: str
    what: str
    who: str
    device: str
    at: Moment
    received: str
    basis: str
    flags: tuple[str, ...]
    answer: str
    code: str
    verdict: str = ""
    may_be_judged: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says of a meeting."""

    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One handoff; `level` is empty where nothing is proved, `counts` where both sides agree."""

    title: str
    level: str
    level_words: str
    tone: str
    window: str
    counts: str
    sides: tuple[Side, ...]


def meeting_views(found: Dossier) -> list[MeetingView]:
    """Return a delivery's handoffs in the order of its way."""
    events = {event.id: event for event in found.events}
    return [_meeting(each, events, found) for each in meetings_of(found.facts)]


def not_counted(found: Dossier) -> list[Said]:
    """Return the statements that were recorded and do not count, and those that still wait."""
    counted = {fact.id for fact in found.facts}
    kept = [
        _said(event, found)
        for event in found.events
        if event.type == EventType.STATEMENT_RECORDED.value and event.id not in counted
    ]
    return kept + [_held(row, found) for row in found.sources.held]


def doubtful(found: Dossier, statement_id: str) -> Said | None:
    """Return a statement that a person may let count, or None."""
    said = (each for each in not_counted(found) if each.id == statement_id)
    return next((each for each in said if each.may_be_judged), None)


def _meeting(meeting: Meeting, events: Mapping[str, EventRow], found: Dossier) -> MeetingView:
    title = _TITLES[meeting.kind] if meeting.driver_id else _BY_NOBODY[meeting.kind]
    level = meeting.level
    said = [(event.actor, _said(event, found)) for event in _events_of(meeting, events)]
    stores = tuple(each for actor, each in said if not actor.startswith("driver:"))
    drivers = tuple(each for actor, each in said if actor.startswith("driver:"))
    sides = [Side(_("The driver says"), drivers)]
    if meeting.kind in _AT_STORE or stores:
        sides.insert(0, Side(_("The store says"), stores))
    return MeetingView(
        title=_(title).format(driver=found.person(meeting.driver_id)),
        level=level.value if level is not None else "",
        level_words=_(LEVELS[level]) if level is not None else _("nothing is proved yet"),
        tone="go" if level is not None and level >= STRONG else "warn",
        window=_window(meeting, found),
        counts=_counts(meeting),
        sides=tuple(sides),
    )


def _counts(meeting: Meeting) -> str:
    """Return how differently parcels were counted (MP1, rule C8); empty when nobody differs."""
    counted = sorted({fact.parcels for fact in meeting.facts if fact.parcels})
    if len(counted) < 2:
        return ""
    numbers = ", ".join(str(each) for each in counted)
    return _("The numbers of parcels differ: {numbers}").format(numbers=numbers)


def _events_of(meeting: Meeting, events: Mapping[str, EventRow]) -> list[EventRow]:
    return [events[fact.id] for fact in meeting.facts]


def _window(meeting: Meeting, found: Dossier) -> str:
    begin_ms, end_ms = meeting.window
    end = found.moment(datetime.fromtimestamp(end_ms / 1000, UTC)).words
    if not begin_ms:
        return _("Before {end}, when the server heard of it; since when is not proved").format(
            end=end
        )
    begin = found.moment(datetime.fromtimestamp(begin_ms / 1000, UTC)).words
    return _("Between {begin} and {end}").format(begin=begin, end=end)


def _said(event: EventRow, found: Dossier) -> Said:
    facts = found.stated[event.id]
    verdict = found.verdicts.get(str(facts.get("statement", "")))
    row = found.sources.statements.get(str(facts.get("statement", "")))
    code = str(facts.get("code") or "")
    result = found.sources.results.get(row.event_id) if row is not None else None
    if not code and result is not None and result.code is not None:
        # It was believed, and came to something else than it says.
        code = result.code
    flags = listed(facts, "flags")
    if row is not None:
        device = found.sources.devices.get(row.device_kid)
        ended = device.retired_at if device is not None else None
        flags += ["key_retired"] if ended is not None and ended < row.received_at else []
    at = row.occurred_at if row is not None else event.occurred_at
    return Said(
        id=row.event_id if row is not None else "",
        what=_what(str(facts.get("type") or event.type)),
        who=found.actor(event.actor),
        device=_device(row, found),
        at=found.moment(at),
        received=_received(at, event.received_at, found),
        basis=_basis(facts, row),
        flags=tuple(_(FLAGS.get(flag, flag)) for flag in flags),
        answer="" if verdict else _answer(code, json.loads(result.facts) if result else {}),
        code="" if verdict else code,
        verdict="" if verdict is None else _verdict(counts=verdict),
        may_be_judged=code == DOUBTFUL and not verdict,
    )


def _verdict(*, counts: bool) -> str:
    if counts:
        return _("A dispatcher let it count although its times are odd.")
    return _("A dispatcher has looked at it: it does not count.")


def _held(row: StatementRow, found: Dossier) -> Said:
    statement = read_envelope(row.envelope).statement
    until = found.moment(row.received_at + HELD_FOR).words
    device = found.sources.devices[row.device_kid]
    role = "driver" if device.kind == "phone" else "clerk"
    return Said(
        id=row.event_id,
        what=_what(row.type),
        who=found.actor(f"{role}:{statement.actor_id}"),
        device=_device(row, found),
        at=found.moment(row.occurred_at),
        received=_received(row.occurred_at, row.received_at, found),
        basis=_basis({"parcels": statement.parcels[found.row.handle]}, row),
        flags=(),
        answer=_("Waits for an earlier step of this device, until {time}.").format(time=until),
        code="held_for_earlier",
    )


def _what(kind: str) -> str:
    return _(STATEMENTS[kind])


def _device(row: StatementRow | None, found: Dossier) -> str:
    if row is None:
        return _("not signed")
    return _("{device}, step {number}").format(device=found.device(row.device_kid), number=row.seq)


def _received(at: datetime, received_at: datetime, found: Dossier) -> str:
    late = received_at - at
    if abs(late) <= _AT_ONCE:
        return _("received at once")
    time = found.moment(received_at).words
    if late < timedelta(0):
        return _("received {time}, before its own time").format(time=time)
    return _("received {time}, {span} later").format(time=time, span=_span(late))


def _span(late: timedelta) -> str:
    minutes = round(late.total_seconds() / 60)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    return _("{h} h {n} min").format(h=minutes // 60, n=minutes % 60)


def _basis(facts: Mapping[str, Any], row: StatementRow | None) -> str:
    kinds: Sequence[str] = [str(facts["evidence"])] if facts.get("evidence") else []
    if row is not None:
        shown = [item.kind for item in read_envelope(row.envelope).statement.evidence]
        kinds = list(dict.fromkeys(shown or kinds))
    parts = [_(EVIDENCE.get(kind, kind)) for kind in kinds]
    if facts.get("parcels"):
        count = int(facts["parcels"])
        parts.insert(0, ngettext("{n} parcel", "{n} parcels", count).format(n=count))
    return ", ".join(parts)


def _answer(code: str, facts: dict[str, Any]) -> str:
    if code not in PROBLEMS:
        return ""
    words = words_of(code, facts)
    return f"{words['title']}. {words['detail']}"
