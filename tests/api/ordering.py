"""What a shop's program sends, with only the fields that matter to a test."""

import itertools
from typing import Any

from app.persistence.ids import new_id
from tests.places import CLEOS_DOOR

DOOR = {**CLEOS_DOOR, "instructions": "Gate code 1221"}
CLEO = {"name": "Cleo Cruz", "phone": "+1 480 555 0101"}
_numbers = itertools.count(1)


def order(store_id: str, **given: Any) -> dict[str, Any]:
    """Return an order for one parcel; its number is new each time."""
    fields = {"store_id": store_id, "merchant_ref": f"order-{next(_numbers)}-{new_id('x')}"}
    return fields | {"recipient": CLEO, "dropoff": DOOR, "proof": "none"} | given


def key(text: str = "") -> dict[str, str]:
    """Return the header of one try; a new one each time unless told."""
    return {"Idempotency-Key": f'"{text or new_id("idk")}"'}
