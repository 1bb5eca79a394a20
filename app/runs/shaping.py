"""What a dispatcher does with unclaimed runs: pins, shows or splits one, puts two together.

Only runs on offer: a claimed one is its driver's, with its stops and its pay. Each is locked and
looked at again before it changes, so that of a claim and a change in one instant one wins. What was
put together by hand is pinned, or the next look at the whole would undo it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.forming import ORDERS_MAX, OpenDelivery, plan_run
from app.domain.pay_rules import PAY_RULES
from app.domain.run import RunStatus
from app.domain.shaping import RunCost, Why, cost_together, why_together
from app.domain.vehicle import LARGEST_L
from app.eventlog.service import NewEvent, record
from app.persistence.transaction import session
from app.runs import forming, looking, queries, showing
from app.runs.queries import Run
from app.sites import queries as sites


@dataclass(frozen=True, slots=True)
class Change:
    """What runs cost now, and would cost after a change."""

    before: RunCost
    after: RunCost


def why(run: Run, *, now: datetime) -> tuple[Why, ...]:
    """Return why each order is in a run: of a claimed one as it was at the claim."""
    rows = [row for row in deliveries.deliveries_of_run(run.id) if row.status != "cancelled"]
    at = run.claimed_at or now
    return why_together(_open(rows), looking.forming_site(run.site_id), at, PAY_RULES[run.pay_rule])


def pin(run_id: str, *, is_pinned: bool, reason: str, act: Act) -> None:
    """Let a run stay as it is, or let it be put together anew again.

    Raises:
        DomainError: `not_found`, `run_not_on_offer`.
    """
    run = _require_offered(run_id, act.now)
    if (run.pinned_at is not None) == is_pinned:
        return
    run.pinned_at = act.now if is_pinned else None
    session().flush()
    what = EventType.RUN_PINNED if is_pinned else EventType.RUN_UNPINNED
    _tell(what, deliveries.deliveries_of_run(run_id), reason, act=act)


def show_now(run_id: str, *, act: Act) -> None:
    """Let drivers see a run that waits for more orders; one that they see stays as it is.

    It is planned again: its times were those of a driver who comes later.

    Raises:
        DomainError: `not_found`, `run_not_on_offer`.
    """
    run = _require_offered(run_id, act.now)
    if showing.is_shown(run, act.now):
        return
    showing.show(run, since=act.now, act=act)
    forming.plan_offer(run, forming.waiting_in([run.id]), now=act.now)


def split_change(run_id: str, delivery_ids: Sequence[str], *, now: datetime) -> Change:
    """Return what it costs to let some orders of a run leave in one of their own.

    Raises:
        DomainError: `not_found`, `run_not_on_offer`, `split_needs_two`.
    """
    run = _require_offered(run_id, now)
    staying, leaving = _parts(run, delivery_ids)
    costs = _Costs(run, now)
    return Change(costs.of([*staying, *leaving]), costs.of(staying).plus(costs.of(leaving)))


def split(run_id: str, delivery_ids: Sequence[str], *, reason: str, act: Act) -> str:
    """Let some orders of a run leave in one of their own; return its id. Both are pinned.

    Raises:
        DomainError: As `split_change`.
    """
    run = _require_offered(run_id, act.now)
    staying, leaving = _parts(run, delivery_ids)
    _write(run, staying, now=act.now)
    _write(None, leaving, now=act.now)
    other = _require_offered(leaving[0].run_id or "", act.now)
    other.raises = run.raises
    if showing.is_shown(run, act.now) and not showing.is_shown(other, act.now):
        # Drivers see these orders already.
        showing.show(other, since=act.now, act=act)
    _write(other, leaving, now=act.now)
    run.pinned_at = other.pinned_at = act.now
    session().flush()
    _tell(EventType.RUN_SPLIT, [*staying, *leaving], reason, act=act, other=other.id)
    return other.id


def merge_change(run_id: str, other_id: str, *, now: datetime) -> Change:
    """Return what it costs to let the orders of two runs travel together.

    Raises:
        DomainError: `not_found`, `run_not_on_offer`, `runs_do_not_fit`.
    """
    run, other = _require_offered(run_id, now), _require_offered(other_id, now)
    mine, theirs = _mergeable(run, other)
    costs = _Costs(run, now)
    return Change(costs.of(mine).plus(costs.of(theirs)), costs.of([*mine, *theirs]))


def merge(run_id: str, other_id: str, *, reason: str, act: Act) -> list[str]:
    """Put the orders of another run into a run; return their ids. The run is pinned.

    It keeps the higher raise of the two: nobody is offered less than before.

    Raises:
        DomainError: As `merge_change`.
    """
    # Locked in order of their ids, as everywhere.
    found = {each: _require_offered(each, act.now) for each in sorted({run_id, other_id})}
    run, other = found[run_id], found[other_id]
    mine, theirs = _mergeable(run, other)
    run.raises = max(run.raises, other.raises)
    if showing.is_shown(other, act.now) and not showing.is_shown(run, act.now):
        showing.show(run, since=act.now, act=act)
    _write(run, [*mine, *theirs], now=act.now)
    forming.plan_offer(other, [], now=act.now)
    run.pinned_at = act.now
    session().flush()
    _tell(EventType.RUN_MERGED, [*mine, *theirs], reason, act=act, other=other_id)
    return [row.id for row in theirs]


class _Costs:
    """What groups of orders of one site cost."""

    def __init__(self, run: Run, now: datetime) -> None:
        self._site, self._now = looking.forming_site(run.site_id), now
        self._rule = PAY_RULES[run.pay_rule]

    def of(self, rows: Sequence[Delivery]) -> RunCost:
        """Return what deliveries cost as one run."""
        return cost_together(_open(rows), self._site, self._now, self._rule)


def _require_offered(run_id: str, now: datetime) -> Run:
    run = queries.run(run_id, lock=True)
    if run is None:
        raise DomainError("not_found")
    if run.status != RunStatus.OFFERED.value or run.window_until <= now:
        raise DomainError("run_not_on_offer")
    return run


def _parts(run: Run, delivery_ids: Sequence[str]) -> tuple[list[Delivery], list[Delivery]]:
    rows = forming.waiting_in([run.id])
    leaving = [row for row in rows if row.id in delivery_ids]
    staying = [row for row in rows if row.id not in delivery_ids]
    if not leaving or not staying:
        raise DomainError("split_needs_two")
    return staying, leaving


def _mergeable(run: Run, other: Run) -> tuple[list[Delivery], list[Delivery]]:
    mine, theirs = forming.waiting_in([run.id]), forming.waiting_in([other.id])
    rows = [*mine, *theirs]
    litres = sum(row.parcel_count * row.parcel_litres for row in rows)
    if run.id == other.id or run.site_id != other.site_id:
        raise DomainError("runs_do_not_fit", orders=ORDERS_MAX, litres=LARGEST_L)
    if len(rows) > ORDERS_MAX or litres > LARGEST_L:
        raise DomainError("runs_do_not_fit", orders=ORDERS_MAX, litres=LARGEST_L)
    return mine, theirs


def _open(rows: Sequence[Delivery]) -> list[OpenDelivery]:
    stores = sites.stores_by_id({row.store_id for row in rows})
    return [looking.open_delivery(row, stores) for row in rows]


def _write(run: Run | None, rows: Sequence[Delivery], *, now: datetime) -> None:
    site_id = rows[0].site_id
    run_id = run.id if run is not None else None
    plan = plan_run(_open(rows), looking.forming_site(site_id), now, run_id)
    forming.write_plan(plan, run, rows, site_id=site_id, now=now)


def _tell(
    what: EventType, rows: Sequence[Delivery], reason: str, *, act: Act, other: str = ""
) -> None:
    facts = {"other": other} if other else {}
    record(
        [NewEvent(what, deliveries.subject(row), facts, {"reason": reason}) for row in rows],
        act=act,
    )
