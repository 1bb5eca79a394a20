"""What a merchant pays for a delivery: one versioned rule as data, whole minor units, no tax.

The price is set when a delivery is placed, or by a quote before that, and never changes afterwards;
what is due of it follows from how the delivery ended.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.delivery import DeliveryStatus

#: The international mile in millimetres, so that money is computed in whole numbers only.
_MM_PER_MILE: Final = 1_609_344

#: A quote's price and window are kept for this long. Source: Uber Direct does the same.
QUOTE_LIFE: Final = timedelta(minutes=15)
#: An order whose door is farther than this from the one that was quoted is another order.
QUOTE_SLACK_M: Final = 250


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One version of the rule. Amounts are minor units, 0 or more.

    Attributes:
        version: Its name, the month from which it holds.
        base_minor: For every delivery, with its first parcel and `included_miles`.
        included_miles: Whole miles by road that the base covers.
        per_mile_minor: For each further mile by road, fractions counted.
        per_parcel_minor: For each parcel beyond the first.
        return_percent: Of the price, on top of it when the parcels came back to the store.
        late_cancel_percent: Of the price, when it is cancelled after a driver set out.
    """

    version: str
    base_minor: int
    included_miles: int
    per_mile_minor: int
    per_parcel_minor: int
    return_percent: int
    late_cancel_percent: int


#: Below what DoorDash Drive publishes for small merchants ($9.75 within 5 miles, then by mile).
CURRENT: Final = PriceRule("2026-11", 799, 5, 75, 100, 50, 50)


def price_minor(distance_m: int, parcel_count: int, rule: PriceRule = CURRENT) -> int:
    """Return the price of a delivery in minor units.

    Args:
        distance_m: By road from store to door, whole metres.
        parcel_count: At least one.
        rule: The version that holds.
    """
    beyond_mm = max(0, distance_m * 1_000 - rule.included_miles * _MM_PER_MILE)
    miles_minor = (2 * rule.per_mile_minor * beyond_mm + _MM_PER_MILE) // (2 * _MM_PER_MILE)
    return rule.base_minor + miles_minor + rule.per_parcel_minor * (parcel_count - 1)


def due_minor(
    price: int, status: DeliveryStatus, *, had_driver: bool, rule: PriceRule = CURRENT
) -> int:
    """Return what is due of a price once a delivery has ended; nothing while it is under way.

    Args:
        price: As it was set, minor units.
        status: How it ended.
        had_driver: A driver had set out for it before it was cancelled.
        rule: The version that holds.
    """
    if status is DeliveryStatus.DELIVERED:
        return price
    if status is DeliveryStatus.RETURNED:
        return price + price * rule.return_percent // 100
    if status is DeliveryStatus.CANCELLED and had_driver:
        return price * rule.late_cancel_percent // 100
    # Lost parcels are our fault, and nobody drove for an early cancellation.
    return 0
