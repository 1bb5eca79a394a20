"""The handoff that a believed statement makes or strengthens, for screens that list handoffs."""

from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.custody import Settlement, Stage
from app.domain.statement import StatementType
from app.handoffs import queries
from app.handoffs.judging import Heard, Judged
from app.handoffs.models import Handoff
from app.persistence.ids import new_id
from app.persistence.transaction import session


def keep_handoff(
    row: Delivery, heard: Heard, judged: Judged, settlement: Settlement, *, act: Act
) -> None:
    """Keep a statement as a handoff if it counts; one of the other side raises its level."""
    if settlement.stage is None or row.run_id is None:
        return
    kind = _kind(heard, judged, settlement)
    if kind is not None:
        _keep(row, kind, heard, judged, judged.driver_id or settlement.custodian, act=act)
    if settlement.pickup_level is None:
        return
    for handoff in queries.handoffs_of_kind([row.id], "pickup"):
        if handoff.to_id == settlement.custodian:
            handoff.level = settlement.pickup_level.value
            if heard.statement.type is StatementType.RELEASED and handoff.released_at is None:
                handoff.released_at = act.at
    session().flush()


def _kind(heard: Heard, judged: Judged, settlement: Settlement) -> str | None:
    is_custodian = judged.driver_id == settlement.custodian
    match heard.statement.type:
        case StatementType.PICKED_UP if is_custodian:
            return "pickup"
        case StatementType.RELEASED if is_custodian and judged.token is not None:
            return "pickup"
        case StatementType.DELIVERED if settlement.stage is Stage.DELIVERED:
            return "dropoff"
        case StatementType.RETURNED if settlement.stage is Stage.RETURNED:
            return "return"
        case _:
            return None


def _keep(
    row: Delivery, kind: str, heard: Heard, judged: Judged, driver_id: str, *, act: Act
) -> None:
    known = queries.handoffs_of_kind([row.id], kind)
    is_pickup = kind == "pickup"
    for handoff in known:
        if driver_id in {handoff.from_id, handoff.to_id}:
            handoff.level = max(handoff.level, judged.level.value)
            return
    to_kind, to_id = {
        "pickup": ("driver", driver_id),
        "dropoff": ("customer", row.id),
        "return": ("store", row.store_id),
    }[kind]
    handoff = Handoff(
        id=new_id("hnd"),
        delivery_id=row.id,
        run_id=row.run_id,
        epoch=1 + max((each.epoch for each in known), default=0),
        kind=kind,
        level=judged.level.value,
        from_kind="store" if is_pickup else "driver",
        from_id=row.store_id if is_pickup else driver_id,
        to_kind=to_kind,
        to_id=to_id,
        parcel_count=heard.statement.parcels[row.handle],
        evidence_kind=judged.evidence,
        nonce=judged.token[1] if judged.token is not None else None,
        desk_kid=judged.token[0] if judged.token is not None and is_pickup else None,
        flags=",".join(judged.flags),
        occurred_at=act.at,
        received_at=act.now,
    )
    session().add(handoff)
    session().flush()
    photo = queries.photo_named(row.id, driver_id, heard.statement.texts("photo"))
    if photo is not None and kind == "dropoff":
        photo.handoff_id = handoff.id
