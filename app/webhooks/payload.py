"""What a message says, as JSON; no personal data of customers is in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.delivery import WITH_STORE, DeliveryStatus
from app.domain.foreign_status import FOREIGN
from app.domain.webhooks import Payload
from app.eventlog import queries as eventlog
from app.eventlog.queries import EventRow
from app.runs import queries as runs
from app.tracking.links import tracking_token

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Links:
    """How links to tracking pages are made: the installation's address and its key."""

    public_url: str
    mac: Callable[[bytes], bytes]


def body_of(event: EventRow, payload: Payload, links: Links) -> str:
    """Return the body of a message about an event. At most five queries.

    `data.sequence` and `data.head` are of the event; `data.delivery`, where it is wanted, says how
    the delivery stands when the message is made, with a `sequence` of its own.
    """
    row = deliveries.delivery(event.delivery_id)
    if row is None:
        message = "an event without delivery"
        raise LookupError(message)
    data: Json = {
        "delivery_id": row.id,
        "merchant_ref": row.merchant_ref,
        "event_id": event.id,
        "sequence": event.seq,
        "head": event.head,
    }
    if payload is Payload.FULL:
        data["delivery"] = _snapshot(row, links)
    body = {"type": event.type, "timestamp": _iso(event.occurred_at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _snapshot(row: Delivery, links: Links) -> Json:
    sequence, head = eventlog.chain_ends([row.id])[row.id]
    foreign = FOREIGN[DeliveryStatus(row.status)]
    return {
        "id": row.id,
        "merchant_ref": row.merchant_ref,
        "store_id": row.store_id,
        "status": row.status,
        "shopify_status": foreign.shopify,
        "uber_direct_status": foreign.uber_direct,
        "doordash_drive_status": foreign.doordash_drive,
        "parcel_count": row.parcel_count,
        "window": {
            "from": _iso(row.window_from),
            "until": _iso(row.told_until),
            "planned_until": _iso(row.window_until),
        },
        "driver": _driver(row),
        "evidence": row.verification,
        "tracking_url": f"{links.public_url}/t/{tracking_token(row, links.mac)}",
        "picked_up_at": _iso_or_none(row.picked_up_at),
        "ended_at": _iso_or_none(row.ended_at),
        "cancel_reason": row.cancel_reason,
        "sequence": sequence,
        "head": head.hex(),
    }


def _driver(row: Delivery) -> Json | None:
    run = runs.run(row.run_id) if row.run_id else None
    is_waiting = row.status in {"created", "ready_for_pickup"}
    if run is None or run.driver_id is None or is_waiting:
        return None
    if run.finished_at is not None and DeliveryStatus(row.status) in WITH_STORE:
        return None
    person = accounts.person(run.driver_id)
    return {"first_name": person.first_name} if person is not None else None


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _iso_or_none(instant: datetime | None) -> str | None:
    return _iso(instant) if instant is not None else None
