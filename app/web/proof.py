"""The proof document: what `verify_proof.py` and the custody page check without a server.

Shape, version 1; hashes and keys are lower-case hex, every member is there:

    v            1
    delivery     handle
    server_keys  [{kid, public_key}]
    devices      [{kid, public_key}], those that signed an envelope or a record's `presence` below
    checkpoint   {note, kid, signature}, the newest; null before the first
    earlier      {note, kid, signature, path}, the one asked for by its anchor; else null
    events       [{record, leaf, head, position, path, envelope}], oldest first. `record` is the
                 canonical text, null where the reader may not see it; `position` and `path` are
                 null while the event waits for the next checkpoint; `envelope` is what a phone or
                 tablet signed about it, whose hash is in the record, else null.

Personal data and their salts are never in it, nor an envelope that names other deliveries too.
"""

from collections.abc import Collection
from typing import Any, Final, cast

from app.accounts import queries as accounts
from app.domain.envelope import read_envelope
from app.domain.events import EventType
from app.eventlog.proof import DeliveryProof, Place
from app.eventlog.queries import EventRow
from app.eventlog.service import facts_of
from app.eventlog.tree import SignedCheckpoint
from app.handoffs import queries as handoffs
from app.keys import SERVER_KID, Keys

Json = dict[str, Any]

VERSION: Final = 1


def proof_document(
    proof: DeliveryProof, *, handle: str, keys: Keys, readable: Collection[EventType]
) -> Json:
    """Return a proof as JSON. Two queries more where devices have signed.

    Args:
        proof: What the log says of a delivery.
        handle: The delivery, as its records name it.
        keys: The server's; its public key goes along.
        readable: Types of events whose records the reader may see.
    """
    types = {each.value for each in readable}
    earlier = proof.earlier
    shown = [row for row in proof.events if row.type in types]
    envelopes = _envelopes(shown, handle)
    return {
        "v": VERSION,
        "delivery": handle,
        "server_keys": [{"kid": f"{SERVER_KID:08x}", "public_key": keys.server_public.hex()}],
        "devices": _devices(_signers(envelopes.values()) | _phones(shown)),
        "checkpoint": _checkpoint(proof.checkpoint) if proof.checkpoint is not None else None,
        "earlier": _checkpoint(earlier.checkpoint) | {"path": _hex(earlier.path)}
        if earlier is not None
        else None,
        "events": [
            _event(row, proof.places.get(row.id), is_readable=row.type in types)
            | {"envelope": envelopes.get(row.id)}
            for row in proof.events
        ],
    }


def _checkpoint(signed: SignedCheckpoint) -> Json:
    return {"note": signed.note, "kid": f"{signed.kid:08x}", "signature": signed.signature}


def _envelopes(rows: Collection[EventRow], handle: str) -> dict[str, str]:
    """Return `{event id: envelope}` of what devices signed about this delivery and no other."""
    stated = {row.id: facts_of(row.record).get("statement") for row in rows}
    ids = {event_id: cast("str", each) for event_id, each in stated.items() if each is not None}
    found = handoffs.envelopes_of(ids.values()) if ids else {}
    return {
        event_id: found[each]
        for event_id, each in ids.items()
        if each in found and set(read_envelope(found[each]).statement.parcels) == {handle}
    }


def _signers(envelopes: Collection[str]) -> set[int]:
    return {read_envelope(text).statement.device for text in envelopes}


def _phones(rows: Collection[EventRow]) -> set[int]:
    """Return the phones of carriers whose code a record holds."""
    stated = (facts_of(row.record) for row in rows if row.type == EventType.HANDOFF_TAKEN_IN.value)
    return {cast("int", facts["phone_kid"]) for facts in stated if "presence" in facts}


def _devices(kids: Collection[int]) -> list[Json]:
    keys = accounts.device_keys(kids) if kids else {}
    return [{"kid": f"{kid:08x}", "public_key": keys[kid]} for kid in sorted(keys)]


def _event(row: EventRow, place: Place | None, *, is_readable: bool) -> Json:
    return {
        "record": row.record if is_readable else None,
        "leaf": row.leaf_hash,
        "head": row.head,
        "position": place.position if place is not None else None,
        "path": _hex(place.path) if place is not None else None,
    }


def _hex(path: Collection[bytes]) -> list[str]:
    return [each.hex() for each in path]
