"""The proof document: what `verify_proof.py` and the custody page check without a server.

Shape, version 1; hashes and keys are lower-case hex, every member is there:

    v            1
    delivery     handle
    server_keys  [{kid, public_key}]
    checkpoint   {note, kid, signature}, the newest; null before the first
    earlier      {note, kid, signature, path}, the one asked for by its anchor; else null
    events       [{record, leaf, head, position, path}], oldest first. `record` is the canonical
                 text, null where the reader may not see it; `position` and `path` are null while
                 the event waits for the next checkpoint.

Personal data and their salts are never in it.
"""

from collections.abc import Collection
from typing import Any, Final

from app.domain.events import EventType
from app.eventlog.proof import DeliveryProof, Place
from app.eventlog.queries import EventRow
from app.eventlog.tree import SignedCheckpoint
from app.keys import SERVER_KID, Keys

Json = dict[str, Any]

VERSION: Final = 1


def proof_document(
    proof: DeliveryProof, *, handle: str, keys: Keys, readable: Collection[EventType]
) -> Json:
    """Return a proof as JSON.

    Args:
        proof: What the log says of a delivery.
        handle: The delivery, as its records name it.
        keys: The server's; its public key goes along.
        readable: Types of events whose records the reader may see.
    """
    types = {each.value for each in readable}
    earlier = proof.earlier
    return {
        "v": VERSION,
        "delivery": handle,
        "server_keys": [{"kid": f"{SERVER_KID:08x}", "public_key": keys.server_public.hex()}],
        "checkpoint": _checkpoint(proof.checkpoint) if proof.checkpoint is not None else None,
        "earlier": _checkpoint(earlier.checkpoint) | {"path": _hex(earlier.path)}
        if earlier is not None
        else None,
        "events": [
            _event(row, proof.places.get(row.id), is_readable=row.type in types)
            for row in proof.events
        ],
    }


def _checkpoint(signed: SignedCheckpoint) -> Json:
    return {"note": signed.note, "kid": f"{signed.kid:08x}", "signature": signed.signature}


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
