"""What a driver earns for a run: versioned rules as data, whole minor units, tips apart.

A run keeps the version under which it was offered, so rules are added here and never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

#: The international mile in millimetres, so that money is computed in whole numbers only.
_MM_PER_MILE: Final = 1_609_344
_S_PER_MINUTE: Final = 60
_S_PER_HOUR: Final = 3_600


class PayKind(StrEnum):
    """What a line of pay is for."""

    BASE = "base"
    PER_MILE = "per_mile"
    PER_STOP = "per_stop"
    PER_PARCEL = "per_parcel"
    WAITING = "waiting"
    FLOOR = "floor"
    RAISE = "raise"
    GUARANTEE = "guarantee"
    TIP = "tip"


@dataclass(frozen=True, slots=True)
class Raise:
    """What an offer pays more once nobody has taken it for a time.

    Attributes:
        after_s: Seconds on offer.
        amount_minor: In all, not in addition to the step before.
    """

    after_s: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PayRule:
    """One version of the rule. Amounts are minor units of `currency`, 0 or more.

    Attributes:
        version: Its name, the month from which it is offered.
        currency: ISO 4217.
        base_minor: For the run.
        per_mile_minor: For each mile driven from the site to the last drop-off, fractions counted.
        per_stop_minor: For each pickup and each drop-off.
        minimum_minor: The least for a run before tips.
        has_floor_line: What is missing to the minimum is a line of its own; else it is in the base.
        waiting_free_s: A wait at a counter up to this long is part of the stop.
        waiting_per_minute_minor: For each minute beyond, fractions counted.
        waiting_max_s: No more than this is paid for one wait: a forgotten tap is no wait.
        hourly_minor: The least for an hour from the claim to the end, before tips; 0 for none.
        hourly_cap_percent: Of the planned time, the most that counts as such hours.
        raises: Steps for an offer that nobody takes, later ones higher.
        per_parcel_minor: For each parcel, however many go to one door.
    """

    version: str
    currency: str
    base_minor: int
    per_mile_minor: int
    per_stop_minor: int
    minimum_minor: int
    has_floor_line: bool = False
    waiting_free_s: int = 0
    waiting_per_minute_minor: int = 0
    waiting_max_s: int = 0
    hourly_minor: int = 0
    hourly_cap_percent: int = 0
    raises: tuple[Raise, ...] = ()
    per_parcel_minor: int = 0


@dataclass(frozen=True, slots=True)
class PayLineValue:
    """One line of a run's pay with the facts it was computed from.

    Attributes:
        kind: What it is for.
        ref: Delivery id of a tip, stop id of a wait, else empty.
        amount_minor: What it comes to, in minor units.
        quantity: Metres for `per_mile`, stops for `per_stop`, parcels for
            `per_parcel`, paid seconds for `waiting`, seconds
            on offer for `raise`, counted seconds for `guarantee`, else 1.
        unit_minor: Rate per mile, stop, minute or hour; the minimum for `floor`; else the amount.
    """

    kind: PayKind
    ref: str
    amount_minor: int
    quantity: int
    unit_minor: int


def pay_lines(
    rule: PayRule,
    distance_m: int,
    stop_count: int,
    tips_minor: Mapping[str, int],
    parcel_count: int = 0,
) -> tuple[PayLineValue, ...]:
    """Return the lines of an offer: base, miles, stops, parcels, floor, then tips.

    Tips are added and touch nothing: neither the other lines nor the minimum know them.

    Args:
        rule: The version under which the run is offered.
        distance_m: Whole metres by road, 0 or more.
        stop_count: Pickups and drop-offs, 0 or more.
        parcel_count: Parcels of all deliveries, 0 or more.
        tips_minor: Delivery id → tip in minor units; deliveries without a tip may be missing or 0.

    Raises:
        ValueError: When a number is negative.
    """
    if min(distance_m, stop_count, parcel_count, *tips_minor.values()) < 0:
        raise ValueError("distance, stops, parcels and tips cannot be negative")
    miles_minor = _half_up(rule.per_mile_minor * distance_m * 1_000, _MM_PER_MILE)
    stops_minor = rule.per_stop_minor * stop_count
    parcels_minor = rule.per_parcel_minor * parcel_count
    earned_minor = rule.base_minor + miles_minor + stops_minor + parcels_minor
    missing_minor = max(0, rule.minimum_minor - earned_minor)
    base_minor = rule.base_minor + (0 if rule.has_floor_line else missing_minor)
    floor = PayLineValue(PayKind.FLOOR, "", missing_minor, 1, rule.minimum_minor)
    parcels = PayLineValue(
        PayKind.PER_PARCEL, "", parcels_minor, parcel_count, rule.per_parcel_minor
    )
    return (
        PayLineValue(PayKind.BASE, "", base_minor, 1, base_minor),
        PayLineValue(PayKind.PER_MILE, "", miles_minor, distance_m, rule.per_mile_minor),
        PayLineValue(PayKind.PER_STOP, "", stops_minor, stop_count, rule.per_stop_minor),
        *([parcels] if parcels_minor else []),
        *([floor] if rule.has_floor_line and missing_minor else []),
        *(
            PayLineValue(PayKind.TIP, ref, tip, 1, tip)
            for ref, tip in sorted(tips_minor.items())
            if tip
        ),
    )


def per_mile_line(rule: PayRule, distance_m: int) -> PayLineValue | None:
    """Return the line of metres that come to a run after the claim, or None for no money."""
    amount_minor = _half_up(rule.per_mile_minor * distance_m * 1_000, _MM_PER_MILE)
    if not amount_minor:
        return None
    return PayLineValue(PayKind.PER_MILE, "", amount_minor, distance_m, rule.per_mile_minor)


def raises_due(rule: PayRule, waited_s: int) -> int:
    """Return how many steps an offer is raised after so many seconds without a driver."""
    return sum(each.after_s <= waited_s for each in rule.raises)


def raise_line(rule: PayRule, step: int) -> PayLineValue | None:
    """Return the line of an offer that was raised by so many steps, or None for none."""
    if not 0 < step <= len(rule.raises):
        return None
    each = rule.raises[step - 1]
    return PayLineValue(PayKind.RAISE, "", each.amount_minor, each.after_s, each.amount_minor)


def waiting_line(
    rule: PayRule, stop_id: str, *, arrived_at: datetime, ready_at: datetime, done_at: datetime
) -> PayLineValue | None:
    """Return the line of a wait at a counter, or None when it was short enough.

    Args:
        rule: The version under which the run was offered.
        stop_id: The visit.
        arrived_at: When the driver was there.
        ready_at: When the store had promised the parcels; earlier nobody needs to come.
        done_at: When the driver could go; a time before the arrival counts as no wait.
    """
    waited_s = int((done_at - max(arrived_at, ready_at)).total_seconds())
    paid_s = min(waited_s, rule.waiting_max_s) - rule.waiting_free_s
    rate = rule.waiting_per_minute_minor
    amount_minor = _half_up(rate * max(0, paid_s), _S_PER_MINUTE)
    if not amount_minor:
        return None
    return PayLineValue(PayKind.WAITING, stop_id, amount_minor, paid_s, rate)


def guarantee_line(
    rule: PayRule, *, earned_minor: int, taken_s: int, planned_s: int
) -> PayLineValue | None:
    """Return what is missing to the hourly least at the end of a run, or None.

    Args:
        rule: The version under which the run was offered.
        earned_minor: All lines of the run without tips.
        taken_s: From the claim to the end; below 0 counts as none.
        planned_s: What the offer said it takes.
    """
    counted_s = max(0, min(taken_s, planned_s * rule.hourly_cap_percent // 100))
    missing_minor = _half_up(rule.hourly_minor * counted_s, _S_PER_HOUR) - earned_minor
    if missing_minor <= 0:
        return None
    return PayLineValue(PayKind.GUARANTEE, "", missing_minor, counted_s, rule.hourly_minor)


def pay_total_minor(lines: tuple[PayLineValue, ...]) -> int:
    """Return the sum of the lines in minor units, tips included."""
    return sum(line.amount_minor for line in lines)


def _half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers, halves away from zero; both are 0 or more."""
    return (2 * numerator + denominator) // (2 * denominator)
