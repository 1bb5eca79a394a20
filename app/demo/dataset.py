"""Typed reader of the demo's places: three real malls, their stores and addresses around them.

Origin and licence stand in `places/SOURCES.md`.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.domain.geo import Point
from app.domain.traffic import Area

_PLACES: Final = Path(__file__).parent / "places"


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A real store with an invented counter.

    Attributes:
        brand: Whose store it is; also the demo merchant's name.
        name: As people call the store.
        floor: 0 is the floor at ground level.
        floor_name: As the mall's signs say it.
        unit: The shop's number in the mall.
        counter_note: Where to find the counter.
        point: Where the store is, at mall precision.
    """

    brand: str
    name: str
    floor: int
    floor_name: str
    unit: str
    counter_note: str
    point: Point


@dataclass(frozen=True, slots=True)
class DemoAddress:
    """A real street address near a mall."""

    street: str
    city: str
    postal_code: str
    point: Point


@dataclass(frozen=True, slots=True)
class DemoMall:
    """A real mall with invented ways in.

    Attributes:
        key: Short name that never changes, for seeds and tests.
        name: As its signs say.
        street: Of the mall itself.
        city: Of the mall itself.
        state: Two letters.
        postal_code: Five digits.
        timezone: IANA name.
        currency: ISO 4217.
        area: What roads there are around it.
        dispatcher_phone: Invented, as people's numbers are.
        centre: The middle of the mall.
        parking: Where drivers leave the car, at ground level.
        parking_note: How to find it.
        entrance: The way in.
        entrance_name: As its sign says.
        entrance_note: How to find it.
        entrance_floor: 0 is the floor at ground level.
        stores: In the file's order, Apple first.
        addresses: Drop-off places within six miles, by street.
    """

    key: str
    name: str
    street: str
    city: str
    state: str
    postal_code: str
    timezone: str
    currency: str
    area: Area
    dispatcher_phone: str
    centre: Point
    parking: Point
    parking_note: str
    entrance: Point
    entrance_name: str
    entrance_note: str
    entrance_floor: int
    stores: tuple[DemoStore, ...]
    addresses: tuple[DemoAddress, ...]


def read_malls() -> tuple[DemoMall, ...]:
    """Return the three malls of the demo: Chandler, Las Vegas, Tysons. Reads two small files."""
    read = json.loads((_PLACES / "malls.json").read_text(encoding="utf-8"))
    addresses = _addresses_by_mall()
    return tuple(_mall(mall, tuple(addresses[mall["key"]])) for mall in read["malls"])


def _mall(read: dict[str, Any], addresses: tuple[DemoAddress, ...]) -> DemoMall:
    return DemoMall(
        key=read["key"],
        name=read["name"],
        street=read["street"],
        city=read["city"],
        state=read["state"],
        postal_code=read["postal_code"],
        timezone=read["timezone"],
        currency=read["currency"],
        area=Area(read["area"]),
        dispatcher_phone=read["dispatcher_phone"],
        centre=Point(*read["centre"]),
        parking=Point(*read["parking"]["point"]),
        parking_note=read["parking"]["note"],
        entrance=Point(*read["entrance"]["point"]),
        entrance_name=read["entrance"]["name"],
        entrance_note=read["entrance"]["note"],
        entrance_floor=read["entrance"]["floor"],
        stores=tuple(_store(store) for store in read["stores"]),
        addresses=addresses,
    )


def _store(read: dict[str, Any]) -> DemoStore:
    return DemoStore(
        brand=read["brand"],
        name=read["name"],
        floor=read["floor"],
        floor_name=read["floor_name"],
        unit=read["unit"],
        counter_note=read["counter_note"],
        point=Point(*read["point"]),
    )


def _addresses_by_mall() -> dict[str, list[DemoAddress]]:
    """Return each mall's key with its addresses in the file's order."""
    found: dict[str, list[DemoAddress]] = {}
    with (_PLACES / "addresses.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            point = Point(float(row["lat"]), float(row["lon"]))
            address = DemoAddress(row["street"], row["city"], row["postal_code"], point)
            found.setdefault(row["mall"], []).append(address)
    return found
