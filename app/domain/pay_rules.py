"""The versions of the pay rule, as data: added here and never changed."""

from typing import Final

from app.domain.pay import PayRule, Raise
from app.domain.site import SiteKind

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
    # The same before the claim; a long wait and a slow hour are paid after it.
    "2026-12": PayRule(
        version="2026-12",
        currency="USD",
        base_minor=600,
        per_mile_minor=70,
        per_stop_minor=175,
        minimum_minor=1_000,
        has_floor_line=True,
        waiting_free_s=600,
        waiting_per_minute_minor=35,
        waiting_max_s=3_600,
        hourly_minor=1_800,
        hourly_cap_percent=150,
        raises=(Raise(3_600, 200), Raise(7_200, 400), Raise(10_800, 600)),
    ),
    # A hub's own people are paid by the parcel, whatever the way. Source: Amazon Hub Delivery,
    # about $2.50 a parcel.
    "hub-2026-12": PayRule(
        version="hub-2026-12",
        currency="USD",
        base_minor=0,
        per_mile_minor=0,
        per_stop_minor=0,
        minimum_minor=0,
        has_floor_line=True,
        per_parcel_minor=250,
    ),
}
#: The version under which new runs are offered.
CURRENT_PAY_RULE: Final = "2026-12"
#: The same at a hub.
CURRENT_HUB_PAY_RULE: Final = "hub-2026-12"


def current_pay_rule(kind: SiteKind) -> PayRule:
    """Return the rule under which new runs of a kind of site are offered."""
    return PAY_RULES[CURRENT_HUB_PAY_RULE if kind is SiteKind.HUB else CURRENT_PAY_RULE]
