"""What dispatchers decide: who has parcels, which doubtful statement counts, what was looked at.

Each decision is one event in the delivery's chain, with its reason kept apart as a person's words.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.custody_chain import Json
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.facts import Fact, FactKind, of_kind
from app.domain.review import DOUBTFUL, Choice, may_decide
from app.eventlog import queries as eventlog
from app.eventlog.queries import EventRow
from app.eventlog.service import NewEvent, facts_of, record
from app.handoffs import incidents
from app.handoffs.facts import facts_about, verdicts_in
from app.handoffs.incidents import JUDGED, RULED, SEEN, Incident
from app.handoffs.settling import settle

_NEEDS_REVIEW: Final = "needs_review"


def rule_custody(incident_id: str, *, driver_id: str, has: bool, reason: str, act: Act) -> None:
    """Decide that a driver has the parcels of a delivery, or that his mere word is not believed.

    Deciding for another driver later takes an earlier decision back.

    Args:
        incident_id: What it answers; one that was closed by such a decision may be decided again.
        driver_id: One of `may_have`.
        has: Whether he has them.
        reason: What the dispatcher was told.
        act: Who decides, and when.

    Raises:
        DomainError: `not_found`, `incident_closed`, `invalid_input` for a decision that this kind
            of incident or this driver does not allow.
    """
    row, delivery = _of(incident_id)
    is_again = row.decision == RULED and has
    if row.closed_at is not None and not is_again:
        raise DomainError("incident_closed")
    fits = may_decide(row.kind, Choice.HAS if has else Choice.HAS_NOT)
    if not fits or driver_id not in may_have(row, facts_about(delivery.id)):
        raise DomainError("invalid_input")
    facts: dict[str, Json] = {"driver": driver_id, "has": has, "incident": row.id}
    _record(EventType.CUSTODY_RULED, delivery, facts, reason, act=act, driver_id=driver_id)
    incidents.close_incident(row, RULED, by=act.actor, now=act.now)
    settle(delivery, act=act)


def may_have(row: Incident, facts: Sequence[Fact]) -> list[str]:
    """Return the drivers for whom an incident can be decided: its own, and who claimed last."""
    claims = of_kind(facts, FactKind.CLAIMED)
    named = {each for each in row.drivers.split(",") if each}
    return sorted(named | {fact.driver_id for fact in claims[-1:]})


def close_seen(incident_id: str, *, reason: str, act: Act) -> None:
    """Close an incident that was looked at and that moves nothing.

    Raises:
        DomainError: `not_found`, `incident_closed`, `invalid_input` where somebody has to decide
            who has the parcels, or what counts.
    """
    row, delivery = _of(incident_id)
    if row.closed_at is not None:
        raise DomainError("incident_closed")
    if not may_decide(row.kind, Choice.SEEN):
        raise DomainError("invalid_input")
    facts: dict[str, Json] = {"incident": row.id, "kind": row.kind}
    _record(EventType.INCIDENT_CLOSED, delivery, facts, reason, act=act)
    incidents.close_incident(row, SEEN, by=act.actor, now=act.now)


def reopen(incident_id: str, *, act: Act) -> None:
    """Open an incident again that somebody had closed as looked at.

    Raises:
        DomainError: `not_found`, `incident_closed` when it was closed otherwise, or is open again.
    """
    row, delivery = _of(incident_id)
    is_open = any(each.kind == row.kind for each in incidents.open_incidents([delivery.id]))
    if row.decision != SEEN or is_open:
        raise DomainError("incident_closed")
    facts: dict[str, Json] = {"incident": row.id, "kind": row.kind}
    _record(EventType.INCIDENT_REOPENED, delivery, facts, "", act=act)
    incidents.reopen_incident(row)


def judge_statement(
    delivery_id: str, statement_id: str, *, counts: bool, reason: str, act: Act
) -> None:
    """Let a statement of doubtful time count for a delivery, or not.

    What counts once moves parcels and stays; what does not may be let count later.

    Raises:
        DomainError: `not_found`, `incident_closed` when it counts already, `invalid_input` for a
            statement that was refused for another reason.
    """
    delivery = deliveries.delivery(delivery_id)
    events = eventlog.timeline(delivery_id)
    event = doubtful_events(events).get(statement_id)
    if delivery is None or event is None:
        raise DomainError("not_found")
    if verdicts_in(events).get(statement_id):
        raise DomainError("incident_closed")
    stated = facts_of(event.record)
    facts: dict[str, Json] = {"statement": statement_id, "counts": counts}
    driver_id = str(stated.get("driver") or "") or None
    _record(EventType.STATEMENT_JUDGED, delivery, facts, reason, act=act, driver_id=driver_id)
    _close_if_all_judged(delivery.id, {*verdicts_in(events), statement_id}, events, act=act)
    if counts:
        # It counts as if it had at once: at its own time.
        settle(delivery, act=Act(act.actor, event.occurred_at, act.now))


def doubtful_events(events: Sequence[EventRow]) -> dict[str, EventRow]:
    """Return `{statement id: its event}` of what a person may let count."""
    recorded = [row for row in events if row.type == EventType.STATEMENT_RECORDED.value]
    told = [(row, facts_of(row.record)) for row in recorded]
    return {str(facts["statement"]): row for row, facts in told if facts.get("code") == DOUBTFUL}


def _close_if_all_judged(
    delivery_id: str, judged: set[str], events: Sequence[EventRow], *, act: Act
) -> None:
    if not judged.issuperset(doubtful_events(events)):
        return
    for row in incidents.open_incidents([delivery_id]):
        if row.kind == _NEEDS_REVIEW:
            incidents.close_incident(row, JUDGED, by=act.actor, now=act.now)


def _of(incident_id: str) -> tuple[Incident, Delivery]:
    row = incidents.incident(incident_id)
    delivery = deliveries.delivery(row.delivery_id) if row is not None else None
    if row is None or delivery is None:
        raise DomainError("not_found")
    return row, delivery


def _record(
    kind: EventType,
    delivery: Delivery,
    facts: Mapping[str, Json],
    reason: str,
    *,
    act: Act,
    driver_id: str | None = None,
) -> None:
    subject = deliveries.subject(delivery, driver_id=driver_id)
    record([NewEvent(kind, subject, facts, {"reason": reason} if reason else None)], act=act)
