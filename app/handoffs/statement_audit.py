"""Auditing every statement that was kept: what a device signed says by itself whether it changed.

Slice by slice, as `app.eventlog.audit` does for the events that statements led to.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from sqlalchemy import Text, select, type_coerce

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.domain.envelope import Envelope, read_envelope, verify_envelope
from app.domain.errors import DomainError
from app.domain.tokens import DeviceKey
from app.eventlog.audit import SLICE, Fault, stored_instant
from app.handoffs.device_keys import key_of
from app.handoffs.models import StatementRow
from app.persistence.base import table_of
from app.persistence.transaction import execute

_STATEMENT: Final = table_of(StatementRow)
_STATEMENTS: Final = select(
    *(column for column in _STATEMENT.c if column.name != "occurred_at"),
    # As stored: SQLAlchemy stops at a text that is no instant, and an audit must not.
    type_coerce(_STATEMENT.c.occurred_at, Text()).label("occurred_at"),
)

#: Public key (65 bytes), signature (64 bytes), message -> whether ES256 holds.
Check = Callable[[bytes, bytes, bytes], bool]


def audit_statements(after: int, check: Check) -> tuple[int | None, int, list[Fault]]:
    """Audit the next statements; return where it is (None at the end), how many, what is wrong.

    Each text must be signed by the device that it names, and each column must say what it says.
    When a statement arrived is the server's word alone and in the event that it led to.

    Args:
        after: `server_seq` of the last one audited, 0 to begin.
        check: Checks a signature.
    """
    query = _STATEMENTS.where(_STATEMENT.c.server_seq > after)
    rows = execute(query.order_by(_STATEMENT.c.server_seq).limit(SLICE), {}).all()
    devices = accounts.devices_by_kid({row.device_kid for row in rows})
    read: list[tuple[Any, Envelope | None]] = [(row, _read(row.envelope)) for row in rows]
    handles = {
        handle for _row, envelope in read if envelope for handle in envelope.statement.parcels
    }
    by_handle = deliveries.deliveries_by_handle(handles)
    faults: list[Fault] = []
    for row, envelope in read:
        parcels = envelope.statement.parcels if envelope is not None else ()
        names = sorted({by_handle[each].id for each in parcels if each in by_handle})
        device = devices.get(row.device_kid)
        key = key_of(device) if device is not None else None
        for words in _faults(row, envelope, key, check):
            said = f"statement {row.server_seq} ({row.event_id}): {words}"
            faults += [Fault(name, said) for name in names or [""]]
    return (rows[-1].server_seq if len(rows) == SLICE else None), len(rows), faults


def _read(text: str) -> Envelope | None:
    try:
        return read_envelope(text)
    except DomainError:
        return None


def _faults(
    row: Any,  # noqa: ANN401 - A row of _STATEMENTS.
    envelope: Envelope | None,
    key: DeviceKey | None,
    check: Check,
) -> Collection[str]:
    if envelope is None:
        return ["its text can no longer be read"]
    if key is None:
        return [f"there is no device {row.device_kid}"]
    faults: list[str] = []
    try:
        verify_envelope(envelope, key, check)
    except DomainError:
        faults.append("its device did not sign this text")
    stored = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to read by name.
    return faults + [
        f"its {name} is not what its text says"
        for name, said in _columns(envelope).items()
        if (stored_instant(stored[name]) if name == "occurred_at" else stored[name]) != said
    ]


def _columns(envelope: Envelope) -> Mapping[str, object]:
    statement = envelope.statement
    return {
        "event_id": statement.event_id,
        "device_kid": statement.device,
        "seq": statement.seq,
        "prev": statement.prev,
        "sha256": envelope.sha256,
        "type": statement.type.value,
        "occurred_at": statement.occurred_at,
    }
