"""Incidents: what about a delivery does not fit together, opened and closed by the rules."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from app.domain.custody import Settlement
from app.domain.findings import RULES, FindingKind
from app.handoffs.models import Incident
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, session

FITS_AGAIN: Final = "fits_again"
ANSWERED: Final = "answered"
#: Decisions of a person.
SEEN: Final = "seen"
RULED: Final = "ruled"
JUDGED: Final = "judged"
#: Dear goods left a store without its manager's code.
NO_MANAGER_CODE: Final = "manager_code"
#: What a rule has decided by itself is shown this long.
TOLD_FOR: Final = timedelta(hours=2)
#: Kinds that `follow` opens and closes; the others come from checks of their own.
_OF_RULES: Final = frozenset(FindingKind) - {FindingKind.UNCONFIRMED_RELEASE}


_INCIDENT: Final = table_of(Incident)
#: Part of every driver's state, so it is made once. Hardly ever there is any.
_TOLD_TO: Final = select(_INCIDENT.c.id).where(
    _INCIDENT.c.closed_at.is_(None),
    _INCIDENT.c.drivers.like(bindparam("about")),
    or_(_INCIDENT.c.is_waiting, _INCIDENT.c.opened_at >= bindparam("since")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What an incident is about.

    Attributes:
        kind: Its name.
        rule: C1 to C8, or `check`.
        drivers: Whom it concerns, person ids.
        is_waiting: A person has to decide.
        facts: For its words.
    """

    kind: str
    rule: str
    drivers: Collection[str]
    is_waiting: bool
    facts: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])


def follow(delivery_id: str, settlement: Settlement, *, now: datetime) -> None:
    """Let a delivery's open incidents be those that its facts give. One query.

    What a person has decided stays decided until it is about other drivers.
    """
    rows = incidents_of(delivery_id)
    known = {row.kind: row for row in rows if row.closed_at is None}
    decided = {(row.kind, row.drivers) for row in rows if row.decided_by is not None}
    for finding in settlement.findings:
        found = Found(finding.kind.value, RULES[finding.kind], finding.drivers, finding.waits)
        row = known.pop(found.kind, None)
        if row is not None:
            row.drivers = _joined(found.drivers)
            row.is_waiting = found.is_waiting
        elif (found.kind, _joined(found.drivers)) not in decided:
            _add(delivery_id, found, now=now)
    for kind, row in known.items():
        is_answered = kind == FindingKind.UNCONFIRMED_RELEASE and settlement.stage is not None
        if kind in _OF_RULES or is_answered:
            row.closed_at = now
            row.decision = FITS_AGAIN
    session().flush()


def open_incident(delivery_id: str, found: Found, *, now: datetime) -> None:
    """Open an incident; one of the kind that is open already gets the drivers added."""
    for row in open_incidents([delivery_id]):
        if row.kind == found.kind:
            row.drivers = _joined({*filter(None, row.drivers.split(",")), *found.drivers})
            session().flush()
            return
    _add(delivery_id, found, now=now)
    session().flush()


def follow_check(delivery_id: str, found: Found, *, is_there: bool, now: datetime) -> None:
    """Let an incident of a check be open as long as what it found is there. One query.

    What a person has decided stays decided.
    """
    rows = [row for row in incidents_of(delivery_id) if row.kind == found.kind]
    opened = [row for row in rows if row.closed_at is None]
    if is_there and not opened and all(row.decided_by is None for row in rows):
        _add(delivery_id, found, now=now)
    for row in opened:
        row.drivers = _joined(found.drivers)
        if not is_there:
            row.closed_at = now
            row.decision = FITS_AGAIN
    session().flush()


def answer(delivery_id: str, kind: FindingKind, *, by: str, now: datetime) -> None:
    """Close the open question of a kind, because somebody has answered it."""
    for row in open_incidents([delivery_id]):
        if row.kind == kind:
            close_incident(row, ANSWERED, by=by, now=now)


def _joined(drivers: Collection[str]) -> str:
    return ",".join(sorted(drivers))


def _add(delivery_id: str, found: Found, *, now: datetime) -> None:
    session().add(
        Incident(
            id=new_id("inc"),
            delivery_id=delivery_id,
            kind=found.kind,
            rule=found.rule,
            drivers=_joined(found.drivers),
            facts=json.dumps(dict(found.facts)),
            is_waiting=found.is_waiting,
            opened_at=now,
        )
    )


def close_incident(row: Incident, decision: str, *, by: str, now: datetime) -> None:
    """Close an incident with what was decided, and by whom."""
    row.closed_at = now
    row.decision = decision
    row.decided_by = by
    session().flush()


def reopen_incident(row: Incident) -> None:
    """Open an incident again that a person had closed."""
    row.closed_at = row.decision = row.decided_by = None
    session().flush()


def open_incidents(delivery_ids: Collection[str]) -> Sequence[Incident]:
    """Return the open incidents of deliveries, oldest first. One query."""
    query = (
        select(Incident)
        .where(Incident.delivery_id.in_(delivery_ids), Incident.closed_at.is_(None))
        .order_by(Incident.opened_at)
    )
    return session().scalars(query).all()


def incidents_of(delivery_id: str) -> Sequence[Incident]:
    """Return all incidents of a delivery, oldest first."""
    query = select(Incident).where(Incident.delivery_id == delivery_id).order_by(Incident.opened_at)
    return session().scalars(query).all()


def told_to(driver_id: str, *, now: datetime) -> Sequence[Incident]:
    """Return what a driver is told: what waits, and what was decided in the last two hours.

    One query; another one where there is any.
    """
    asked = {"about": f"%{driver_id}%", "since": now - TOLD_FOR}
    found = execute(_TOLD_TO, asked).scalars().all()
    if not found:
        return []
    query = select(Incident).where(Incident.id.in_(found)).order_by(Incident.opened_at)
    return session().scalars(query).all()


def incident(incident_id: str) -> Incident | None:
    """Return an incident, or None."""
    return session().get(Incident, incident_id)


def waiting(*, limit: int | None = 100) -> Sequence[Incident]:
    """Return the open incidents that wait for a person, oldest first; None is all of them."""
    query = (
        select(Incident)
        .where(Incident.closed_at.is_(None), Incident.is_waiting)
        .order_by(Incident.opened_at)
        .limit(limit)
    )
    return session().scalars(query).all()


def count_waiting() -> int:
    """Return how many open incidents wait for a person."""
    query = select(func.count()).where(Incident.closed_at.is_(None), Incident.is_waiting)
    return session().scalar(query) or 0
