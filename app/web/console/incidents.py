"""A delivery's incidents with what was decided, or what a dispatcher may decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.delivery import ENDED, DeliveryStatus
from app.domain.events import EventType
from app.domain.review import Choice, may_decide
from app.eventlog.queries import EventRow
from app.handoffs.deciding import may_have
from app.handoffs.incidents import ANSWERED, FITS_AGAIN, JUDGED, RULED, SEEN, Incident
from app.web.console.dossier import Dossier, Moment
from app.web.console.trouble import drivers_of
from app.web.console.words import RULES
from app.web.incidents import detail_of, dispatcher_step, title_of
from app.web.texts import N_
from app.web.texts import gettext as _

_OUTCOMES: Final = {
    ANSWERED: N_("The driver has answered."),
    FITS_AGAIN: N_("Fits together again: what was missing has arrived."),
    SEEN: N_("Looked at and closed."),
    JUDGED: N_("Every doubtful step was decided on."),
}
_DECISIONS: Final = frozenset({EventType.CUSTODY_RULED.value, EventType.INCIDENT_CLOSED.value})


@dataclass(frozen=True, slots=True)
class Ruling:
    """One answer to who has the parcels: `choice` is what the form sends."""

    choice: str
    label: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident.

    Attributes:
        id: Of the row.
        rule: C1 to C8; empty for one that a check found.
        rule_words: What that rule says.
        title: What it is.
        detail: What happened.
        step: What to do now; empty once it is closed.
        drivers: Names of those concerned.
        opened: When.
        is_open: Nobody has closed it and it still does not fit.
        is_waiting: A person has to decide.
        outcome: What was decided, or what the rule did.
        reason: Why it was decided so; empty for those who may not read it.
        rulings: Answers to who has the parcels.
        may_judge: Doubtful statements below wait to be counted or not.
        may_close: It may be closed as looked at.
        may_reopen: It was, and may be opened again.
    """

    id: str
    rule: str
    rule_words: str
    title: str
    detail: str
    step: str
    drivers: str
    opened: Moment
    is_open: bool
    is_waiting: bool
    outcome: str
    reason: str
    rulings: tuple[Ruling, ...]
    may_judge: bool
    may_close: bool
    may_reopen: bool


def incident_views(found: Dossier) -> list[IncidentView]:
    """Return what waits first, then what is open, then what is over; the newest first in each."""
    rows = sorted(found.incidents, key=lambda row: row.opened_at, reverse=True)
    rows.sort(key=lambda row: (row.closed_at is not None, not row.is_waiting))
    decided = _decisions(found)
    return [_incident(row, decided.get(row.id), found) for row in rows]


def _decisions(found: Dossier) -> dict[str, EventRow]:
    """Return `{incident id: the event that decided it}`, the last one for each."""
    return {
        str(found.stated[event.id]["incident"]): event
        for event in found.events
        if event.type in _DECISIONS and "incident" in found.stated[event.id]
    }


def _incident(row: Incident, decision: EventRow | None, found: Dossier) -> IncidentView:
    is_open = row.closed_at is None
    notes: Mapping[str, Any] = {}
    if decision is not None and not is_open:
        notes = found.notes.get(decision.id, {})
    return IncidentView(
        id=row.id,
        rule=row.rule if row.rule in RULES else "",
        rule_words=_(RULES[row.rule]) if row.rule in RULES else "",
        title=title_of(row),
        detail=detail_of(row),
        step=dispatcher_step(row) if is_open else "",
        drivers=", ".join(sorted(found.person(each) for each in drivers_of(row))),
        opened=found.moment(row.opened_at),
        is_open=is_open,
        is_waiting=is_open and row.is_waiting,
        outcome=_outcome(row, decision, found),
        reason=str(notes.get("reason") or ""),
        rulings=tuple(_rulings(row, decision, found)),
        may_judge=is_open and may_decide(row.kind, Choice.JUDGE),
        may_close=is_open and may_decide(row.kind, Choice.SEEN),
        may_reopen=row.decision == SEEN,
    )


def _outcome(row: Incident, decision: EventRow | None, found: Dossier) -> str:
    if row.closed_at is None:
        return "" if row.is_waiting else _("Decided by rule {rule}.").format(rule=row.rule)
    if row.decision == RULED and decision is not None:
        text = _ruled(found.stated[decision.id], found)
    else:
        text = _(_OUTCOMES[row.decision or FITS_AGAIN])
    who = found.actor(row.decided_by) if row.decided_by else ""
    time = found.moment(row.closed_at).words
    return " ".join(part for part in (text, f"({who}, {time})" if who else f"({time})") if part)


def _ruled(facts: Mapping[str, Any], found: Dossier) -> str:
    text = _("{driver} has the parcels.") if facts["has"] else _("{driver} does not have them.")
    return text.format(driver=found.person(str(facts["driver"])))


def _rulings(row: Incident, decision: EventRow | None, found: Dossier) -> list[Ruling]:
    """Return the answers that may be given now; after a decision, those that would change it."""
    is_open = row.closed_at is None
    is_ended = DeliveryStatus(found.row.status) in ENDED
    if not is_open and (row.decision != RULED or is_ended):
        return []
    has = ""
    if decision is not None and not is_open:
        facts = found.stated[decision.id]
        has = str(facts["driver"]) if facts.get("has") else ""
    answers: list[Ruling] = []
    if may_decide(row.kind, Choice.HAS):
        label = _("{driver} has the parcels")
        for driver_id in may_have(row, found.facts):
            if driver_id != has:
                text = label.format(driver=found.person(driver_id))
                answers.append(Ruling(f"has:{driver_id}", text))
    if is_open and may_decide(row.kind, Choice.HAS_NOT):
        label = _("{driver} does not have them")
        for driver_id in drivers_of(row):
            text = label.format(driver=found.person(driver_id))
            answers.append(Ruling(f"has_not:{driver_id}", text))
    return answers
