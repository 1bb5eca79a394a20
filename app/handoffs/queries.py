"""Reading handoffs, proofs and shown codes."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from app.handoffs.models import Handoff, Proof, ShownRelease
from app.persistence.transaction import session


def handoffs_of(delivery_id: str) -> Sequence[Handoff]:
    """Return a delivery's handoffs, oldest first."""
    return (
        session()
        .scalars(
            select(Handoff).where(Handoff.delivery_id == delivery_id).order_by(Handoff.received_at)
        )
        .all()
    )


def used_nonces(nonces: Collection[str]) -> set[str]:
    """Return which of these token nonces were taken before."""
    return {
        nonce
        for nonce in session().scalars(select(Handoff.nonce).where(Handoff.nonce.in_(nonces)))
        if nonce
    }


def handoffs_of_kind(delivery_ids: Collection[str], kind: str) -> Sequence[Handoff]:
    """Return handoffs of one kind for several deliveries. One query."""
    return (
        session()
        .scalars(select(Handoff).where(Handoff.delivery_id.in_(delivery_ids), Handoff.kind == kind))
        .all()
    )


def proof(proof_id: str) -> Proof | None:
    """Return a proof, or None."""
    return session().get(Proof, proof_id)


def final_proof(delivery_id: str) -> Proof | None:
    """Return the photo that belongs to a delivery's drop-off, or None."""
    query = (
        select(Proof)
        .join(Handoff, Handoff.id == Proof.handoff_id)
        .where(Proof.delivery_id == delivery_id, Handoff.kind == "dropoff")
    )
    return session().scalars(query).first()


def shown_release(
    driver_id: str, store_id: str, short_code: str, *, since: datetime
) -> ShownRelease | None:
    """Return the newest code with these six characters shown to this driver, or None.

    Only codes of this store's desks count.
    """
    query = (
        select(ShownRelease)
        .where(
            ShownRelease.driver_id == driver_id,
            ShownRelease.store_id == store_id,
            ShownRelease.short_code == short_code,
            ShownRelease.issued_at >= since,
        )
        .order_by(ShownRelease.issued_at.desc())
        .limit(1)
    )
    return session().scalars(query).first()


def counter_levels(delivery_ids: Collection[str]) -> dict[str, str]:
    """Return `{delivery_id: level}` of the newest handoff at the store's counter. One query.

    What happened at the customer's door is not the store's handoff and is left out.
    """
    rows = session().execute(
        select(Handoff.delivery_id, Handoff.level)
        .where(Handoff.delivery_id.in_(delivery_ids), Handoff.kind.in_(["pickup", "return"]))
        .order_by(Handoff.received_at)
    )
    return {row.delivery_id: row.level for row in rows}
