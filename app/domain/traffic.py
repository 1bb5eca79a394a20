"""What ways by car take by default: the roads of an area, and the hours of traffic on them.

Data with a version, so that a figure can be told where it came from; a site's own runs correct it
from the fifth drive on (`learned`).

Roads. Source: fits of `a + b × great circle` against OSRM's road durations, free of traffic.
Urban: the mean of DC–Arlington (58 + 0.090) and Portland OR (44 + 0.125), about 39,700 pairs each.
Suburban: the mean of these two, Reisterstown MD and Columbus OH (`eta`). Rural: the roads around
Felton CA, 35,804 pairs of up to 3.8 km. Mean absolute error, measured in November 2026 for ways of
0.3–10 km: suburban 19.4 % on Reisterstown (32,120 pairs) and 16.4 % on Columbus (19,936), rural
25.7 % on Felton, where the suburban figures would be 35.3 % off.

What kind of roads a site has a dispatcher says; until then what the site is tells it (`area_of`).
It is not guessed from how densely known places lie: to check a guess on there are one rural network
and two that measure as suburbs, and no urban one.

Traffic. No road times by hour could be had for any of these networks. Source: Federal Highway
Administration, Urban Congestion Trends 2017 and 2018: in the 52 largest metropolitan areas ways
take 1.33 times as long in the peaks (6–9 and 16–19 o'clock on weekdays) as in free flow, weighted
by what is driven, most of it on highways. For other hours, and for the country, it has no figure:
none is made up.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.eta import TRAVEL_INTERCEPT_S, TRAVEL_S_PER_M
from app.domain.hours import Hours
from app.domain.site import SiteKind

#: Raised with every change of a figure below.
VERSION: Final = "2026-11"


class Area(StrEnum):
    """What kind of roads there are around a site."""

    URBAN = "urban"
    SUBURBAN = "suburban"
    RURAL = "rural"


class Roads(NamedTuple):
    """A way takes `start_s` seconds, and `s_per_m` for each metre of great circle."""

    start_s: float
    s_per_m: float


ROADS: Final[Mapping[Area, Roads]] = {
    Area.URBAN: Roads(51.0, 0.1075),
    Area.SUBURBAN: Roads(TRAVEL_INTERCEPT_S, TRAVEL_S_PER_M),
    Area.RURAL: Roads(40.0, 0.115),
}

_PEAK: Final = 1.33
_PEAKS: Final = {Hours.MORNING: _PEAK, Hours.EVENING: _PEAK}
#: By what a way takes longer than in free flow; hours that are missing take as long.
TRAFFIC: Final[Mapping[Area, Mapping[Hours, float]]] = {
    Area.URBAN: _PEAKS,
    Area.SUBURBAN: _PEAKS,
    Area.RURAL: {},
}

#: What a site has unless somebody says otherwise. Malls and stations lie where parking is; a single
#: shop stands at a street of a town.
AREAS: Final[Mapping[SiteKind, Area]] = {
    SiteKind.MALL: Area.SUBURBAN,
    SiteKind.STATION: Area.SUBURBAN,
    SiteKind.STREET: Area.URBAN,
    SiteKind.HUB: Area.RURAL,
}


def area_of(kind: SiteKind, said: str | None) -> Area:
    """Return what roads there are around a site: what somebody said, else those of its kind.

    Raises:
        ValueError: When what was said is no area.
    """
    return Area(said) if said is not None else AREAS[kind]
