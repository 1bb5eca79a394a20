"""What a dispatcher does with runs: takes one back from a driver, and gives one to a driver."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts import people
from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import WITH_DRIVER, WITH_STORE, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.push import PushKind
from app.domain.run import HELD, ReleaseReason, RunStatus
from app.domain.site import may_work
from app.notify import pushes
from app.persistence.transaction import session
from app.runs import claims, custody_runs, forming, looking, progress, queries, shaping, showing
from app.runs.queries import Run


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What taking a run back would do.

    Attributes:
        run: The run.
        driver_id: Who has it.
        waiting: Deliveries that the stores still have: they go on offer again.
        kept: Deliveries whose parcels the driver has: they stay in a run of his own.
    """

    run: Run
    driver_id: str
    waiting: Sequence[Delivery]
    kept: Sequence[Delivery]


def take_back_plan(run_id: str, *, lock: bool = False) -> TakeBack:
    """Return what taking a run back would do.

    Raises:
        DomainError: `not_found`; `run_not_held` when nobody has it any more.
    """
    run = queries.run(run_id, lock=lock)
    if run is None:
        raise DomainError("not_found")
    if run.driver_id is None or RunStatus(run.status) not in HELD:
        raise DomainError("run_not_held")
    rows = deliveries.deliveries_of_run(run_id)
    return TakeBack(
        run=run,
        driver_id=run.driver_id,
        waiting=[row for row in rows if DeliveryStatus(row.status) in WITH_STORE],
        kept=[row for row in rows if DeliveryStatus(row.status) in WITH_DRIVER],
    )


def take_back(run_id: str, *, reason: str, act: Act) -> None:
    """Take what a driver has not collected yet from him, and put it on offer again.

    Whatever he holds stays with him, as a run of his own with the pay he was promised. If his phone
    later proves that he had collected more, custody brings it back to him (MP1, rule C1).

    Raises:
        DomainError: `not_found`, `run_not_held`, `nothing_to_take_back` when he has every parcel.
    """
    plan = take_back_plan(run_id, lock=True)
    if not plan.waiting:
        raise DomainError("nothing_to_take_back")
    driver_id, why = plan.driver_id, ReleaseReason.DISPATCHER
    if plan.run.status == RunStatus.CLAIMED.value and not plan.kept:
        claims.give_up(plan.run, driver_id=driver_id, reason=why, note=reason, act=act)
        return
    for row in plan.waiting:
        custody_runs.leave(plan.run, row, act=act)
        row.run_id = None
    session().flush()
    claims.put_back(plan.waiting, driver_id=driver_id, reason=why, note=reason, act=act)
    progress.go_on(plan.run, driver_id=driver_id, act=act)
    forming.form_runs(plan.run.site_id, now=act.now)
    for again_id in sorted({row.run_id for row in plan.waiting if row.run_id is not None}):
        # A driver should have had them by now: they wait for no further orders.
        shaping.show_now(again_id, act=act)


def assign(run_id: str, *, driver_id: str, reason: str, act: Act) -> int:
    """Give a run on offer to a named driver and return its epoch.

    It is a claim like any other: of a claim and an assignment in one instant, one wins.

    Raises:
        DomainError: `not_found`; `driver_of_elsewhere` for a driver who does not belong to the
            run's hub, or to another one; `driver_not_free` for one who is off duty, not approved or
            has a run; `run_not_on_offer` when somebody was first.
    """
    run = queries.run(run_id)
    if run is None:
        raise DomainError("not_found")
    if not may_work(accounts.hub_of(driver_id), run.site_id, looking.kind_of(run.site_id)):
        raise DomainError("driver_of_elsewhere")
    slot = people.take_run_slot(driver_id)
    if slot is None:
        raise DomainError("driver_not_free")
    run = queries.run(run_id, lock=True)
    if run is not None and looking.is_open(run) and not showing.is_shown(run, act.now):
        # Its times were those of a driver who comes when it is shown.
        run.shown_at, run.offered_at = None, act.now
        forming.plan_offer(run, forming.waiting_in([run.id]), now=act.now)
    epoch = claims.take_run(run_id, driver_id=driver_id, slot=slot, act=act, reason=reason)
    if epoch is None:
        raise DomainError("run_not_on_offer")
    pushes.tell(PushKind.RUN_IS_YOURS, [driver_id], run_id, now=act.now)
    return epoch
