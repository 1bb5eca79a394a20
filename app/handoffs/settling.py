"""Bringing a delivery to what all statements about it come to, whatever their order of arrival."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain import custody
from app.domain.act import Act
from app.domain.custody import Settlement, Stage
from app.domain.delivery import DeliveryStatus
from app.domain.run import HELD, RunStatus
from app.handoffs import incidents, keeping
from app.handoffs.facts import facts_about
from app.handoffs.incidents import NO_MANAGER_CODE, Found
from app.handoffs.policy import policy_for
from app.persistence.transaction import session
from app.runs import custody_runs, progress
from app.runs import queries as runs
from app.runs.queries import Run

_S: Final = DeliveryStatus
#: For each stage: the statuses that are it already, and the one to set otherwise.
_STATUSES: Final = {
    Stage.WITH_DRIVER: (
        frozenset({_S.PICKED_UP, _S.ENROUTE_TO_DROPOFF, _S.ARRIVED_AT_DROPOFF}),
        _S.PICKED_UP,
    ),
    Stage.GOING_BACK: (
        frozenset({_S.ENROUTE_TO_RETURN, _S.ARRIVED_AT_RETURN}),
        _S.ENROUTE_TO_RETURN,
    ),
    Stage.DELIVERED: (frozenset({_S.DELIVERED}), _S.DELIVERED),
    Stage.RETURNED: (frozenset({_S.RETURNED}), _S.RETURNED),
}
_OVER: Final = frozenset({Stage.DELIVERED, Stage.RETURNED})
#: An end that was believed until more was known gives way to the mark as lost again.
_LOST: Final = (frozenset({_S.LOST}), _S.LOST)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a delivery came to, and whether that changed anything but its evidence."""

    settlement: Settlement
    has_moved: bool


def settle(row: Delivery, *, act: Act) -> Settled:
    """Bring a delivery, its parcels, its run and its incidents to what the facts come to.

    Side effects: moves the delivery into its custodian's run where that is another one; opens and
    closes incidents. Costs one query for the facts, and those of `runs.progress.go_on` on a change.
    """
    facts = facts_about(row.id)
    settlement = custody.settle(facts)
    policy = policy_for(row)
    is_code_lacking = policy.needs_code(row.value_minor) and not settlement.is_approved
    is_enough = policy.is_enough(settlement.pickup_level) and not is_code_lacking
    has_moved = _apply(row, settlement, is_enough=is_enough, act=act)
    incidents.follow(row.id, settlement, now=act.now)
    if policy.needs_code(row.value_minor):
        is_there = is_code_lacking and settlement.stage is not None
        found = Found(NO_MANAGER_CODE, "check", [settlement.custodian], is_waiting=True)
        incidents.follow_check(row.id, found, is_there=is_there, now=act.now)
    keeping.keep_handoffs(row, facts, settlement, now=act.now)
    return Settled(settlement, has_moved)


def _apply(row: Delivery, settlement: Settlement, *, is_enough: bool, act: Act) -> bool:
    stage = settlement.stage
    if stage is None:
        return False
    fitting, wanted = _LOST if _is_lost(settlement) else _STATUSES[stage]
    run = _run_of(row, settlement, is_there=DeliveryStatus(row.status) in fitting, act=act)
    has_moved = DeliveryStatus(row.status) not in fitting or run is not None
    _note_levels(row, settlement, is_enough=is_enough)
    if not has_moved:
        session().flush()
        return False
    if DeliveryStatus(row.status) not in fitting:
        delivery_service.correct(row, wanted, now=act.now)
    _hold(row, settlement, act=act)
    session().flush()
    if run is not None:
        if run.status == RunStatus.CLAIMED.value:
            progress.set_status(run, RunStatus.COLLECTING)
        progress.go_on(run, driver_id=settlement.custodian, act=act)
    return True


def _is_lost(settlement: Settlement) -> bool:
    return settlement.is_lost and settlement.stage not in _OVER


def _run_of(row: Delivery, settlement: Settlement, *, is_there: bool, act: Act) -> Run | None:
    """Return the custodian's run to go on with; None when nothing about it changes."""
    before = runs.run(row.run_id, lock=True) if row.run_id else None
    if before is None or before.driver_id != settlement.custodian:
        return custody_runs.put_in_charge(row, settlement.custodian, act=act)
    is_open = RunStatus(before.status) in HELD
    if not is_open and settlement.stage not in _OVER and not _is_lost(settlement):
        return custody_runs.put_in_charge(row, settlement.custodian, act=act)
    return before if is_open and not is_there else None


def _note_levels(row: Delivery, settlement: Settlement, *, is_enough: bool) -> None:
    row.verification = settlement.level.value if settlement.level is not None else None
    # Below what the store asks the driver goes on, and the dispatcher is told.
    row.is_verification_pending = settlement.is_unproved or not is_enough
    row.is_held = settlement.is_held
    if settlement.collected_ms is not None:
        row.picked_up_at = datetime.fromtimestamp(settlement.collected_ms / 1000, UTC)


def _hold(row: Delivery, settlement: Settlement, *, act: Act) -> None:
    if settlement.stage is Stage.DELIVERED:
        kind, holder = "customer", row.id
    elif settlement.stage is Stage.RETURNED:
        kind, holder = "store", row.store_id
    else:
        kind, holder = "driver", settlement.custodian
    delivery_service.hold_parcels([row.id], holder_kind=kind, holder_id=holder, now=act.now)


def settle_all(rows: dict[str, Delivery], *, act: Act) -> dict[str, Settled]:
    """Settle deliveries in the order of their ids, as every writer locks them."""
    return {delivery_id: settle(rows[delivery_id], act=act) for delivery_id in sorted(rows)}


def settle_again(delivery_id: str, *, act: Act) -> None:
    """Settle a delivery after one of the server's own events: a decision, a loss, a release."""
    row = deliveries.delivery(delivery_id)
    if row is not None:
        settle(row, act=act)
