"""Reading handoffs, proofs and shown codes."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from app.domain.commitments import Opened
from app.handoffs.models import (
    DeviceChain,
    Handoff,
    Intake,
    Proof,
    ShownRelease,
    StatementBeside,
    StatementResult,
    StatementRow,
)
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


def intakes_of(delivery_id: str) -> Sequence[Intake]:
    """Return what carriers have brought of a delivery, oldest first."""
    query = select(Intake).where(Intake.delivery_id == delivery_id)
    return session().scalars(query.order_by(Intake.received_at, Intake.number)).all()


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


def photo_named(delivery_id: str, driver_id: str, uploaded_sha256: Collection[str]) -> Proof | None:
    """Return the photo of the delivery that this driver sent as one of these files, or None."""
    if not uploaded_sha256:
        return None
    query = select(Proof).where(
        Proof.delivery_id == delivery_id,
        Proof.driver_id == driver_id,
        Proof.uploaded_sha256.in_(uploaded_sha256),
    )
    return session().scalars(query.limit(1)).first()


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


def statement(event_id: str) -> StatementRow | None:
    """Return a statement by the id that its device gave it, or None."""
    return session().scalars(select(StatementRow).where(StatementRow.event_id == event_id)).first()


def statements_near(kid: int, seq: int) -> Sequence[StatementRow]:
    """Return a device's statements with a number, the one before it and the one after it."""
    query = select(StatementRow).where(
        StatementRow.device_kid == kid, StatementRow.seq.between(seq - 1, seq + 1)
    )
    return session().scalars(query.order_by(StatementRow.server_seq)).all()


def envelopes_of(event_ids: Collection[str]) -> dict[str, str]:
    """Return `{id of a statement: its envelope}` of those that exist. One query."""
    query = select(StatementRow.event_id, StatementRow.envelope).where(
        StatementRow.event_id.in_(event_ids)
    )
    return {row.event_id: row.envelope for row in session().execute(query)}


def held_statements(kid: int) -> Sequence[StatementRow]:
    """Return the statements of a device that wait for an earlier one, by number."""
    query = (
        select(StatementRow)
        .join(StatementResult, StatementResult.event_id == StatementRow.event_id)
        .where(StatementResult.device_kid == kid, StatementResult.outcome == "held")
        .order_by(StatementRow.seq, StatementRow.server_seq)
    )
    return session().scalars(query).all()


def statement_result(event_id: str) -> StatementResult | None:
    """Return what became of a statement, or None while it is being taken."""
    return session().get(StatementResult, event_id)


def statement_results(event_ids: Collection[str]) -> dict[str, StatementResult]:
    """Return `{event_id: what became of it}`. One query."""
    rows = session().scalars(select(StatementResult).where(StatementResult.event_id.in_(event_ids)))
    return {row.event_id: row for row in rows}


def held_by(kids: Collection[int]) -> Sequence[StatementRow]:
    """Return the statements of devices that wait for an earlier one, by arrival. One query."""
    query = (
        select(StatementRow)
        .join(StatementResult, StatementResult.event_id == StatementRow.event_id)
        .where(StatementResult.device_kid.in_(kids), StatementResult.outcome == "held")
        .order_by(StatementRow.server_seq)
    )
    return session().scalars(query).all()


def statements_by_id(event_ids: Collection[str]) -> dict[str, StatementRow]:
    """Return `{event_id: statement}`. One query."""
    rows = session().scalars(select(StatementRow).where(StatementRow.event_id.in_(event_ids)))
    return {row.event_id: row for row in rows}


def beside(event_id: str) -> dict[str, Opened]:
    """Return the personal values of a statement that are still kept."""
    rows = session().scalars(select(StatementBeside).where(StatementBeside.event_id == event_id))
    return {row.name: Opened(row.salt, row.value) for row in rows}


def device_chain(kid: int) -> DeviceChain | None:
    """Return how far a device's statements were taken, locked against other writers; or None."""
    return session().get(DeviceChain, kid, with_for_update=True)
