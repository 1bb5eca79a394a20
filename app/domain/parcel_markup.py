"""A delivery as schema.org's ParcelDelivery, which mail programs and search assistants read.

Source: https://schema.org/ParcelDelivery; Gmail's "Parcel delivery" markup, which asks for the
older `carrier` beside `provider`, for a door, an item and an order.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.delivery import DeliveryStatus

Json = dict[str, Any]

CARRIER: Final = "Mallrun"
#: Statuses after which nothing is expected any more.
_OVER: Final = frozenset(
    {
        DeliveryStatus.DELIVERED,
        DeliveryStatus.ENROUTE_TO_RETURN,
        DeliveryStatus.ARRIVED_AT_RETURN,
        DeliveryStatus.RETURNED,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.LOST,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What whoever holds the tracking link may know.

    Attributes:
        tracking_url: Of the tracking page, whole.
        store: Its name.
        headline: How it stands, in the reader's words.
    """

    tracking_url: str
    store: str
    status: DeliveryStatus
    headline: str
    window_from: datetime
    window_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What only the merchant and the customer know: for their own e-mails.

    Attributes:
        merchant_ref: The order's number.
        parcels: In words, such as "2 parcels".
        country: ISO 3166-1 alpha-2.
    """

    merchant_ref: str
    parcels: str
    recipient: str
    street: str
    unit: str
    city: str
    state: str
    postal_code: str
    country: str


def parcel_delivery(said: Announced, order: Ordered | None = None) -> Json:
    """Return a JSON-LD document; without the order it says nothing that its page does not."""
    store = {"@type": "Organization", "name": said.store}
    carrier = {"@type": "Organization", "name": CARRIER}
    document: Json = {
        "@context": "https://schema.org",
        "@type": "ParcelDelivery",
        "trackingUrl": said.tracking_url,
        "provider": carrier,
        "deliveryStatus": {"@type": "DeliveryEvent", "name": said.headline},
        "partOfOrder": {"@type": "Order", "seller": store},
    }
    if said.status not in _OVER:
        document["expectedArrivalFrom"] = said.window_from.isoformat()
        document["expectedArrivalUntil"] = said.window_until.isoformat()
    if order is None:
        return document
    return document | {
        "carrier": carrier,
        "trackingNumber": order.merchant_ref,
        "itemShipped": {"@type": "Product", "name": order.parcels},
        "partOfOrder": {
            "@type": "Order",
            "orderNumber": order.merchant_ref,
            "seller": store,
            "merchant": store,
        },
        "deliveryAddress": _address(order),
    }


def _address(order: Ordered) -> Json:
    lines = ", ".join(line for line in (order.street, order.unit) if line)
    return {
        "@type": "PostalAddress",
        "name": order.recipient,
        "streetAddress": lines,
        "addressLocality": order.city,
        "addressRegion": order.state,
        "postalCode": order.postal_code,
        "addressCountry": order.country,
    }


def script_of(document: Json) -> str:
    """Return a document as a block for a page or an e-mail.

    No text in it can end the block: what begins a tag is written as an escape.
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<script type="application/ld+json">{safe}</script>'
