"""The place of a statement among those of its device: gaps, forks and broken chains.

A device counts its statements and names the one before, so that a missing one, and a copied device,
show. Source: handoff protocol MP1, "Upload, replay, order" and "Threats against the protocol".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite

from app.domain.envelope import NO_ENVELOPE, Envelope, read_envelope
from app.domain.statement import Statement
from app.handoffs import queries
from app.handoffs.models import DeviceChain, StatementRow
from app.persistence.transaction import session


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands.

    Attributes:
        flags: `fork`: another one has its number; `late`: its place was given up as a gap;
            `chain_broken`: it does not follow the one before it.
        two_histories: The statements that cannot all be of one device, whichever came first: those
            of one number, and those that do not follow one with the number before.
    """

    flags: tuple[str, ...]
    two_histories: Sequence[Statement]


def chain_of(kid: int) -> DeviceChain:
    """Return how far a device has come, locked: its statements are taken one after the other."""
    chain = queries.device_chain(kid)
    if chain is not None:
        return chain
    # A row that is not there cannot be locked: two first statements would both find nothing.
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(DeviceChain).values(device_kid=kid, seq=0, sha256=NO_ENVELOPE)
    session().execute(first.on_conflict_do_nothing())
    return session().get_one(DeviceChain, kid, with_for_update=True)


def is_early(envelope: Envelope, chain: DeviceChain) -> bool:
    """Tell whether a statement came before the one with the number before it."""
    return envelope.statement.seq > chain.seq + 1


def advance(envelope: Envelope, chain: DeviceChain) -> None:
    """Note that a statement was taken."""
    if envelope.statement.seq > chain.seq:
        chain.seq, chain.sha256 = envelope.statement.seq, envelope.sha256
    session().flush()


def place_of(envelope: Envelope, chain: DeviceChain) -> Place:
    """Return the place of a statement that is kept already. One query."""
    own = envelope.statement
    others = [
        row for row in queries.statements_near(own.device, own.seq) if row.event_id != own.event_id
    ]
    same = [row for row in others if row.seq == own.seq]
    after = [row for row in others if row.seq == own.seq + 1 and row.prev != envelope.sha256]
    is_broken = not _follows(own, others)
    flags = {
        "fork": bool(same),
        "late": own.seq <= chain.seq and not same,
        "chain_broken": is_broken,
    }
    mine = [own] if same or is_broken else []
    return Place(
        tuple(name for name, is_set in flags.items() if is_set),
        [*mine, *(read_envelope(row.envelope).statement for row in (*same, *after))],
    )


def _follows(own: Statement, others: Sequence[StatementRow]) -> bool:
    if own.seq == 1:
        return own.prev == NO_ENVELOPE
    return all(row.sha256 == own.prev for row in others if row.seq == own.seq - 1)
