"""The customer's code `C`, signed by the server: a phone without signal can check it."""

from datetime import timedelta
from typing import Final

from app.deliveries.queries import Delivery
from app.domain.token_layout import CustomerCode
from app.domain.tokens import NO_ANCHOR, encode, signed_bytes
from app.keys import SERVER_KID, Keys

#: A driver who comes late must still be able to scan it.
_LIFE_AFTER_WINDOW: Final = timedelta(hours=24)
_NONCE_BYTES: Final = 8


def customer_code(row: Delivery, keys: Keys) -> str:
    """Return the text of a delivery's code `C`.

    Nonce and times follow from the row, so that a reload shows no other code.
    """
    derived = keys.mac("customer-code")(f"{row.handle}/{row.pin_version}".encode())
    claims = CustomerCode(
        kid=SERVER_KID,
        iat=int(row.created_at.timestamp()),
        anchor=NO_ANCHOR,
        nonce=derived[:_NONCE_BYTES],
        handle=row.handle,
        exp=int((row.told_until + _LIFE_AFTER_WINDOW).timestamp()),
        flags=0,
    )
    return encode(claims, keys.sign(signed_bytes(claims)))
