"""What a driver earns for a run: versioned rules as data, whole minor units, tips apart.

A run keeps the version under which it was offered, so rules are added here and never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: The international mile in millimetres, so that money is computed in whole numbers only.
_MM_PER_MILE: Final = 1_609_344


class PayKind(StrEnum):
    """What a line of pay is for."""

    BASE = "base"
    PER_MILE = "per_mile"
    PER_STOP = "per_stop"
    TIP = "tip"


@dataclass(frozen=True, slots=True)
class PayRule:
    """One version of the rule. Amounts are minor units of `currency`, 0 or more.

    Attributes:
        version: Its name, the month from which it is offered.
        currency: ISO 4217.
        base_minor: For the run.
        per_mile_minor: For each mile driven from the site to the last drop-off, fractions counted.
        per_stop_minor: For each pickup and each drop-off.
        minimum_minor: The least for a run before tips; what is missing is added to the base.
    """

    version: str
    currency: str
    base_minor: int
    per_mile_minor: int
    per_stop_minor: int
    minimum_minor: int


#: Figures are set between published ones: DoorDash base $2–10, Hub Delivery $2.50 a package,
#: Seattle $0.64 a mile, Flex $18–25 an hour. Two stores, three doors and 12 miles, a bit over an
#: hour, come to $23.15.
PAY_RULES: Final[dict[str, PayRule]] = {
    "2026-11": PayRule(
        version="2026-11",
        currency="USD",
        base_minor=600,
        per_mile_minor=70,
        per_stop_minor=175,
        minimum_minor=1_000,
    ),
}
#: The version under which new runs are offered.
CURRENT_PAY_RULE: Final = "2026-11"


@dataclass(frozen=True, slots=True)
class PayLineValue:
    """One line of a run's pay with the facts it was computed from.

    Attributes:
        kind: What it is for.
        ref: Delivery id of a tip, else empty.
        amount_minor: What it comes to, in minor units.
        quantity: Metres for `per_mile`, stops for `per_stop`, else 1.
        unit_minor: Rate per mile or per stop, else the amount.
    """

    kind: PayKind
    ref: str
    amount_minor: int
    quantity: int
    unit_minor: int


def pay_lines(
    rule: PayRule, distance_m: int, stop_count: int, tips_minor: Mapping[str, int]
) -> tuple[PayLineValue, ...]:
    """Return the lines of a run: base, miles, stops, then a line per tip in order of delivery id.

    Tips are added and touch nothing: neither the other lines nor the minimum know them.

    Args:
        rule: The version under which the run is offered.
        distance_m: Whole metres by road, 0 or more.
        stop_count: Pickups and drop-offs, 0 or more.
        tips_minor: Delivery id → tip in minor units; deliveries without a tip may be missing or 0.

    Raises:
        ValueError: When a number is negative.
    """
    if min(distance_m, stop_count, *tips_minor.values()) < 0:
        raise ValueError("distance, stops and tips cannot be negative")
    miles_minor = _half_up(rule.per_mile_minor * distance_m * 1_000, _MM_PER_MILE)
    stops_minor = rule.per_stop_minor * stop_count
    base_minor = max(rule.base_minor, rule.minimum_minor - miles_minor - stops_minor)
    return (
        PayLineValue(PayKind.BASE, "", base_minor, 1, base_minor),
        PayLineValue(PayKind.PER_MILE, "", miles_minor, distance_m, rule.per_mile_minor),
        PayLineValue(PayKind.PER_STOP, "", stops_minor, stop_count, rule.per_stop_minor),
        *(
            PayLineValue(PayKind.TIP, ref, tip, 1, tip)
            for ref, tip in sorted(tips_minor.items())
            if tip
        ),
    )


def pay_total_minor(lines: tuple[PayLineValue, ...]) -> int:
    """Return the sum of the lines in minor units, tips included."""
    return sum(line.amount_minor for line in lines)


def _half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers, halves away from zero; both are 0 or more."""
    return (2 * numerator + denominator) // (2 * denominator)
