"""Tracking links: derived from a key, never stored.

So they can be shown again, and revoked by raising a version.
"""

import base64
import hmac
import re
from collections.abc import Callable
from typing import Final

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery

_PROOF_BYTES: Final = 24
_FORM: Final = re.compile(r"([0-9a-f]{12})([A-Za-z0-9_-]{32})")

Mac = Callable[[bytes], bytes]


def tracking_token(row: Delivery, mac: Mac) -> str:
    """Return the unguessable part of a delivery's tracking link.

    Twelve hex digits find the delivery, 192 bits prove the right to see it.

    Args:
        row: The delivery.
        mac: `keys.mac("tracking")`.
    """
    return row.tracking_ref + _proof(row.tracking_ref, row.tracking_version, mac)


def tracked_delivery(token: str, mac: Mac) -> Delivery | None:
    """Return the delivery of a tracking token, or None for any token that is not exactly right.

    Args:
        token: What came in the address.
        mac: `keys.mac("tracking")`.
    """
    form = _FORM.fullmatch(token)
    if form is None:
        return None
    row = deliveries.delivery_by_tracking_ref(form[1])
    # The comparison is made for unknown references too, so that both answers take as long.
    expected = _proof(form[1], row.tracking_version if row is not None else 0, mac)
    return row if hmac.compare_digest(form[2], expected) and row is not None else None


def _proof(tracking_ref: str, version: int, mac: Mac) -> str:
    digest = mac(f"{tracking_ref}/{version}".encode())
    return base64.urlsafe_b64encode(digest[:_PROOF_BYTES]).decode()
