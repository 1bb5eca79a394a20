"""The sites of a simulated day: real points, with invented ways in.

Origin and licence stand in `places/SOURCES.md`.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.domain.geo import Point
from app.domain.run_plan import FormingSite
from app.domain.traffic import Area

_PLACES: Final = Path(__file__).parent / "places"


class Kind(StrEnum):
    """What kind of place runs begin at."""

    MALL = "mall"
    STATION = "station"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class SimStore:
    """A counter: a real store's point, or the one counter of a station or hub."""

    id: str
    point: Point
    floor: int


@dataclass(frozen=True, slots=True)
class SimSite:
    """A site with its share of the day.

    Attributes:
        key: Short name, for seeds.
        name: For people.
        kind: Mall, station or hub.
        zone: IANA name of its time zone.
        area: What roads there are around it.
        forming: Where its runs begin.
        stores: Counters, at least one.
        doors: Where its orders go, at least one.
        order_count: Orders of the day.
        driver_count: Drivers who work there on the day.
    """

    key: str
    name: str
    kind: Kind
    zone: str
    area: Area
    forming: FormingSite
    stores: tuple[SimStore, ...]
    doors: tuple[Point, ...]
    order_count: int
    driver_count: int


@dataclass(frozen=True, slots=True)
class _Outline:
    """What is invented of a site, and how busy it is."""

    key: str
    name: str
    kind: Kind
    zone: str
    area: Area
    entrance: Point
    parking: Point
    order_count: int
    driver_count: int


#: The road times of Columbus are those of a suburb, as they were measured (`domain.traffic`).
_OUTLINES: Final = (
    _Outline(
        "chandler",
        "Chandler Fashion Center",
        Kind.MALL,
        "America/Phoenix",
        Area.SUBURBAN,
        Point(33.30098, -111.89925),
        Point(33.30062, -111.89945),
        order_count=480,
        driver_count=36,
    ),
    _Outline(
        "fashion_show",
        "Fashion Show",
        Kind.MALL,
        "America/Los_Angeles",
        Area.URBAN,
        Point(36.12806, -115.17142),
        Point(36.12842, -115.17165),
        order_count=520,
        driver_count=40,
    ),
    _Outline(
        "tysons",
        "Tysons Corner Center",
        Kind.MALL,
        "America/New_York",
        Area.SUBURBAN,
        Point(38.91703, -77.22151),
        Point(38.91672, -77.22158),
        order_count=420,
        driver_count=32,
    ),
    _Outline(
        "columbus",
        "Columbus station",
        Kind.STATION,
        "America/New_York",
        Area.SUBURBAN,
        Point(39.97345, -83.00742),
        Point(39.97330, -83.00770),
        order_count=460,
        driver_count=34,
    ),
    _Outline(
        "felton",
        "Felton hub",
        Kind.HUB,
        "America/Los_Angeles",
        Area.RURAL,
        Point(37.05130, -122.07330),
        Point(37.05125, -122.07345),
        order_count=120,
        driver_count=8,
    ),
)
#: Every third store of a mall is a floor up: which, the sources do not say.
_UPSTAIRS_EVERY: Final = 3


def read_sites() -> tuple[SimSite, ...]:
    """Return three malls, a station and a hub. Reads two small files."""
    rows = [*_rows("stores.csv"), *_rows("streets.csv")]
    return tuple(
        _site(outline, [row for row in rows if row["site"] == outline.key]) for outline in _OUTLINES
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (_PLACES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _site(outline: _Outline, rows: list[dict[str, str]]) -> SimSite:
    counters = [row for row in rows if row["kind"] == "store"]
    stores = tuple(
        SimStore(row["name"], _point(row), int(number % _UPSTAIRS_EVERY == 0))
        for number, row in enumerate(counters, start=1)
    )
    return SimSite(
        key=outline.key,
        name=outline.name,
        kind=outline.kind,
        zone=outline.zone,
        area=outline.area,
        forming=FormingSite(outline.entrance, outline.parking),
        stores=stores or (SimStore(outline.key, outline.entrance, 0),),
        doors=tuple(_point(row) for row in rows if row["kind"] == "door"),
        order_count=outline.order_count,
        driver_count=outline.driver_count,
    )


def _point(row: dict[str, str]) -> Point:
    return Point(float(row["lat"]), float(row["lon"]))
