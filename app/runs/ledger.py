"""The lines of a run's pay: written anew while it is on offer, only added to from the claim on.

The database refuses anything else (migration 0013): whoever holds or has finished a run keeps every
line, and a correction is a line that refers to the one before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.pay import PayKind, PayLineValue, PayRule, guarantee_line, waiting_line
from app.domain.pay_rules import PAY_RULES
from app.domain.run import StopKind, StopStatus
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import queries
from app.runs.models import PayLineRow, Run, Stop


def write_offer(run: Run, lines: Iterable[PayLineValue], *, now: datetime) -> None:
    """Put lines in place of those of a run on offer."""
    session().execute(delete(PayLineRow).where(PayLineRow.run_id == run.id))
    for line in lines:
        add(run, line, now=now)
    session().flush()


def replace_raise(run: Run, line: PayLineValue, *, now: datetime) -> None:
    """Put a higher raise in place of the one before; the run is on offer."""
    session().execute(
        delete(PayLineRow).where(PayLineRow.run_id == run.id, PayLineRow.kind == line.kind.value)
    )
    add(run, line, now=now)
    session().flush()


def add(
    run: Run, line: PayLineValue, *, now: datetime, corrected: PayLineRow | None = None
) -> None:
    """Add a line to a run's pay.

    Args:
        run: The run, on offer or held.
        line: What is paid; below 0 only for a tip that another driver gets.
        now: The present.
        corrected: The line that this one takes back or puts right.
    """
    session().add(
        PayLineRow(
            id=new_id("pay"),
            run_id=run.id,
            kind=line.kind.value,
            ref=line.ref,
            amount_minor=line.amount_minor,
            quantity=line.quantity,
            unit_minor=line.unit_minor,
            created_at=now,
            corrects_id=corrected.id if corrected is not None else None,
        )
    )


def bring_tip(run: Run, row: Delivery, *, now: datetime) -> None:
    """Give a delivery's tip to a held run that it has come to."""
    before = _tip_lines(run.id, row.id)
    _set_tip(run, row.id, before, row.tip_minor, now=now)


def take_tip(run: Run, delivery_id: str, *, now: datetime) -> None:
    """Take a delivery's tip from a held or finished run: it is for whoever brings the parcels."""
    _set_tip(run, delivery_id, _tip_lines(run.id, delivery_id), 0, now=now)


def _set_tip(
    run: Run, delivery_id: str, before: Sequence[PayLineRow], wanted_minor: int, *, now: datetime
) -> None:
    missing_minor = wanted_minor - sum(line.amount_minor for line in before)
    if missing_minor:
        line = PayLineValue(PayKind.TIP, delivery_id, missing_minor, 1, missing_minor)
        add(run, line, now=now, corrected=before[-1] if before else None)
        session().flush()


def _tip_lines(run_id: str, delivery_id: str) -> list[PayLineRow]:
    """Return a delivery's tip and its corrections, each after the one that it corrects."""
    found = [
        line
        for line in queries.pay_lines([run_id])[run_id]
        if line.kind == PayKind.TIP.value and line.ref == delivery_id
    ]
    by_corrected = {line.corrects_id: line for line in found}
    chain: list[PayLineRow] = []
    following = by_corrected.get(None)
    while following is not None:
        chain.append(following)
        following = by_corrected.get(following.id)
    return chain


def settle(run: Run, stops: Sequence[Stop], *, now: datetime) -> None:
    """Add what only the end of a run can tell: waits at counters, then the hourly least.

    To be called once, when the run finishes; a second time the database refuses the same lines.
    """
    rule = PAY_RULES[run.pay_rule]
    promised = _promised(run)
    for stop in stops:
        line = _wait(rule, stop, promised)
        if line is not None:
            add(run, line, now=now)
    session().flush()
    earned = [
        line for line in queries.pay_lines([run.id])[run.id] if line.kind != PayKind.TIP.value
    ]
    line = guarantee_line(
        rule,
        earned_minor=sum(each.amount_minor for each in earned),
        taken_s=int((now - (run.claimed_at or now)).total_seconds()),
        planned_s=run.duration_s,
    )
    if line is not None:
        add(run, line, now=now)
        session().flush()


def _promised(run: Run) -> dict[str, datetime]:
    """Return by when each store had promised the last of its parcels in a run."""
    latest: dict[str, datetime] = {}
    for row in deliveries.deliveries_of_run(run.id):
        latest[row.store_id] = max(row.ready_at, latest.get(row.store_id, row.ready_at))
    return latest


def _wait(rule: PayRule, stop: Stop, promised: Mapping[str, datetime]) -> PayLineValue | None:
    is_done = stop.status == StopStatus.DONE.value
    if stop.store_id is None or stop.arrived_at is None or stop.done_at is None or not is_done:
        return None
    is_pickup = stop.kind == StopKind.PICKUP.value
    ready_at = promised.get(stop.store_id) if is_pickup else None
    return waiting_line(
        rule,
        stop.id,
        arrived_at=stop.arrived_at,
        ready_at=ready_at or stop.arrived_at,
        done_at=stop.done_at,
    )
