"""Our statuses in the words of others: the one place where they are mapped.

Sources: Uber Direct "Get Delivery", DoorDash Drive 2.0 `delivery_status`, Shopify's
`FulfillmentEventStatus`.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.delivery import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Foreign:
    """How three others call one of our statuses."""

    uber_direct: str
    doordash_drive: str
    shopify: str


_S: Final = DeliveryStatus

#: Uber has no word for the way back: there the delivery counts as returned from its begin on.
#: Nobody has one for a loss: it ends like a cancellation, and as a failure at Shopify, whose
#: READY_FOR_PICKUP means that the customer comes for it.
FOREIGN: Final = {
    _S.CREATED: Foreign("pending", "created", "CONFIRMED"),
    _S.READY_FOR_PICKUP: Foreign("pending", "created", "CONFIRMED"),
    _S.ENROUTE_TO_PICKUP: Foreign("pickup", "enroute_to_pickup", "CONFIRMED"),
    _S.ARRIVED_AT_PICKUP: Foreign("pickup", "arrived_at_pickup", "CONFIRMED"),
    _S.PICKED_UP: Foreign("pickup_complete", "picked_up", "CARRIER_PICKED_UP"),
    _S.ENROUTE_TO_DROPOFF: Foreign("dropoff", "enroute_to_dropoff", "OUT_FOR_DELIVERY"),
    _S.ARRIVED_AT_DROPOFF: Foreign("dropoff", "arrived_at_dropoff", "OUT_FOR_DELIVERY"),
    _S.DELIVERED: Foreign("delivered", "delivered", "DELIVERED"),
    _S.ENROUTE_TO_RETURN: Foreign("returned", "enroute_to_return", "ATTEMPTED_DELIVERY"),
    _S.ARRIVED_AT_RETURN: Foreign("returned", "arrived_at_return", "ATTEMPTED_DELIVERY"),
    _S.RETURNED: Foreign("returned", "returned", "FAILURE"),
    _S.CANCELLED: Foreign("canceled", "cancelled", "FAILURE"),
    _S.LOST: Foreign("canceled", "cancelled", "FAILURE"),
}
