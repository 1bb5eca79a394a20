"""Values as JSON carries them and people read them."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from babel.numbers import format_currency

from app.domain.area import Area, Octant
from app.web.language import chosen_locale
from app.web.texts import N_
from app.web.texts import gettext as _

_MINOR_PER_MAJOR: Final = 100
#: Where a currency's letters touch its digits. Source: CLDR, `currencySpacing`.
_LETTER_BY_DIGIT: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_METRES_PER_MILE: Final = 1609.344
#: Regions that put miles on their road signs.
_MILE_REGIONS: Final = frozenset({"US", "GB", "LR", "MM", "PR"})

_OCTANTS: Final = {
    Octant.NORTH: N_("north"),
    Octant.NORTH_EAST: N_("north-east"),
    Octant.EAST: N_("east"),
    Octant.SOUTH_EAST: N_("south-east"),
    Octant.SOUTH: N_("south"),
    Octant.SOUTH_WEST: N_("south-west"),
    Octant.WEST: N_("west"),
    Octant.NORTH_WEST: N_("north-west"),
}


def iso(instant: datetime) -> str:
    """Return an instant in UTC with milliseconds: `2026-11-22T18:04:05.123Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(instant: datetime | None) -> str | None:
    """Return `iso`, or None for None."""
    return iso(instant) if instant is not None else None


def money(amount_minor: int, currency: str) -> dict[str, Any]:
    """Return an amount as the front end takes it."""
    return {"amount_minor": amount_minor, "currency": currency}


def spoken_money(amount_minor: int, currency: str) -> str:
    """Return "$12.50" in the reader's language."""
    return _spoken(amount_minor, currency, chosen_locale())


@lru_cache(maxsize=2_000)
def _spoken(amount_minor: int, currency: str, locale: str) -> str:
    # Kept, because the rates of a pay rule are the same on every run of every list.
    text = format_currency(amount_minor / _MINOR_PER_MAJOR, currency, locale=locale)
    # A currency of letters stands apart from its digits, as browsers write it; Babel leaves it.
    return _LETTER_BY_DIGIT.sub("\u00a0", text)


def spoken_area(area: Area) -> str:
    """Return "85224, 2 mi north-east": coarse enough that nobody finds the door."""
    if area.octant is None:
        return _("{postal_code}, near the mall").format(postal_code=area.postal_code).lstrip(", ")
    direction = _(_OCTANTS[area.octant])
    if uses_miles():
        text = _("{postal_code}, {miles} mi {direction}").format(
            postal_code=area.postal_code, miles=area.distance_miles, direction=direction
        )
    else:
        # From the whole miles: the kilometres tell no more than they do.
        km = round(area.distance_miles * _METRES_PER_MILE / 1_000)
        text = _("{postal_code}, {km} km {direction}").format(
            postal_code=area.postal_code, km=km, direction=direction
        )
    return text.lstrip(", ")


def uses_miles() -> bool:
    """Tell whether the reader measures ways in miles; the front end decides by the same regions."""
    return chosen_locale().rpartition("_")[2] in _MILE_REGIONS


def pay_facts(kind: str, quantity: int, unit_minor: int, currency: str) -> str:
    """Return what a line of pay was computed from: "4.2 mi × $0.70"."""
    if kind == "tip" and unit_minor < 0:
        return _("Another driver brings these parcels")
    text, divisor, digits = _PAY_FACTS[kind]
    count = f"{quantity / divisor:.{digits}f}"
    if "." in count:
        count = count.rstrip("0").rstrip(".")
    return _(text).format(count=count, rate=spoken_money(unit_minor, currency))


#: By kind of line: the text, what its quantity is divided by, and the most digits that are shown:
#: with fewer, whoever multiplies what is read gets another cent than what is paid.
_PAY_FACTS: Final = {
    "base": (N_("For the run"), 1, 0),
    "per_mile": (N_("{count} mi × {rate}"), _METRES_PER_MILE, 3),
    "per_stop": (N_("{count} stops × {rate}"), 1, 0),
    "per_parcel": (N_("{count} parcels × {rate}"), 1, 0),
    "waiting": (N_("{count} min × {rate}"), 60, 3),
    "floor": (N_("Up to the least for a run, {rate}"), 1, 0),
    "raise": (N_("Nobody took it for {count} h"), 3_600, 0),
    "guarantee": (N_("Up to {rate} an hour, for {count} min"), 60, 0),
    "tip": (N_("All of it is yours"), 1, 0),
}
