"""Offers that nobody takes: raised by the steps of their pay rule, and others are told."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.events import EventType
from app.domain.pay import raise_line, raises_due
from app.domain.pay_rules import PAY_RULES
from app.domain.run import RunStatus
from app.eventlog.service import NewEvent, record
from app.jobs.queue import enqueue
from app.persistence.transaction import session
from app.runs import ledger, queries
from app.runs.models import Run

RAISE: Final = "raise_offer"


def ask_for_raises(*, now: datetime) -> int:
    """Ask for a raise of every offer that waits for long enough, each in a job of its own."""
    query = select(Run).where(
        Run.status == RunStatus.OFFERED.value, Run.window_until > now, queries.shown_by(now)
    )
    due = [run.id for run in session().scalars(query) if _due(run, now) > run.raises]
    for run_id in due:
        enqueue(RAISE, {"run_id": run_id}, key=f"{RAISE}:{run_id}", run_at=now, now=now)
    return len(due)


def raise_offer(run_id: str, *, now: datetime) -> bool:
    """Raise one offer as far as its rule says by now; tell whether it was.

    The run is locked first: of a claim and a raise in one instant, either the driver has the raised
    pay, or the run was claimed as it was offered and stays so.
    """
    run = queries.run(run_id, lock=True)
    if run is None or run.status != RunStatus.OFFERED.value or run.window_until <= now:
        return False
    # Nobody has seen a run that waits for more orders: `offered_at` is ahead then, and no step due.
    step = _due(run, now)
    line = raise_line(PAY_RULES[run.pay_rule], step)
    if line is None or step <= run.raises:
        return False
    ledger.replace_raise(run, line, now=now)
    run.raises = step
    session().flush()
    facts = {"amount_minor": line.amount_minor, "step": step}
    rows = [row for row in deliveries.deliveries_of_run(run.id) if row.status != "cancelled"]
    record(
        [NewEvent(EventType.RUN_RAISED, deliveries.subject(row), facts) for row in rows],
        act=Act.of_system(now),
    )
    return True


def _due(run: Run, now: datetime) -> int:
    waited_s = int((now - (run.offered_at or run.created_at)).total_seconds())
    return raises_due(PAY_RULES[run.pay_rule], waited_s)
