"""Parcels that leave the driver: what delivering and returning have in common."""

from collections.abc import Sequence

from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.handoff import EvidenceLevel
from app.handoffs.models import Handoff
from app.persistence.ids import new_id
from app.runs.queries import Run


def refuse_held(rows: Sequence[Delivery]) -> None:
    """Refuse to move what two drivers prove to have; a dispatcher decides first. MP1, rule C3."""
    if any(row.is_held for row in rows):
        raise DomainError("delivery_on_hold")


def handoff_from_driver(
    run: Run,
    row: Delivery,
    kind: str,
    level: EvidenceLevel,
    evidence_kind: str,
    *,
    act: Act,
) -> Handoff:
    """Return a handoff from the run's driver; the receiver is the caller's to set."""
    return Handoff(
        id=new_id("hnd"),
        delivery_id=row.id,
        run_id=run.id,
        epoch=run.epoch,
        kind=kind,
        level=level.value,
        from_kind="driver",
        from_id=run.driver_id or "",
        parcel_count=row.parcel_count,
        evidence_kind=evidence_kind,
        flags="",
        occurred_at=act.at,
        received_at=act.now,
    )
