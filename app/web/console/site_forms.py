"""What is typed about a site or a store."""

import math
import re
from typing import Annotated, Final, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, StringConstraints

from app.domain.geo import Point
from app.domain.pay_rules import CURRENT_PAY_RULE, PAY_RULES
from app.sites.service import NewSite, NewStore
from app.web.validation import Body, Line, Name, Note, PhoneOrNothing, RequiredLine

_POINT: Final = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?)[,;\s]+(-?\d{1,3}(?:\.\d{1,9})?)")
_LAT_MAX: Final = 90
_LON_MAX: Final = 180

#: Deepest and highest floor of a building that anybody would collect from.
_FLOOR: Final = r"^-?[0-9]{1,2}$"


def _read_point(text: str) -> Point:
    found = _POINT.fullmatch(text)
    lat, lon = (float(each) for each in found.groups()) if found else (math.inf, math.inf)
    if abs(lat) > _LAT_MAX or abs(lon) > _LON_MAX:
        message = "must be a latitude and a longitude in degrees"
        raise ValueError(message)
    return Point(lat, lon)


def _point(text: str) -> str:
    _read_point(text)
    return text


def _point_or_nothing(text: str) -> str:
    return _point(text) if text else text


def _timezone(text: str) -> str:
    if text not in available_timezones():
        message = "must be a time zone's IANA name"
        raise ValueError(message)
    return text


_Stripped: Final = StringConstraints(strip_whitespace=True, max_length=60)
PointText = Annotated[str, _Stripped, AfterValidator(_point)]
PointOrNothing = Annotated[str, _Stripped, AfterValidator(_point_or_nothing)]
Floor = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_FLOOR)]


def _place(text: str, otherwise: Point) -> Point:
    return _read_point(text) if text else otherwise


class SiteForm(Body):
    """A site; parking and entrance are where the site is unless they are told."""

    kind: Literal["mall", "street", "station", "hub"]
    site_name: Name
    city: Name
    state: RequiredLine
    timezone: Annotated[str, _Stripped, AfterValidator(_timezone)]
    point: PointText
    parking: PointOrNothing
    parking_note: Note
    entrance_name: RequiredLine
    entrance: PointOrNothing
    entrance_note: Note
    entrance_floor: Floor
    showing: Literal["at_once", "waits"]
    roads: Literal["usual", "urban", "suburban", "rural"]
    dispatcher_phone: PhoneOrNothing

    def site(self) -> NewSite:
        """Return what was typed."""
        here = _read_point(self.point)
        parking, entrance = _place(self.parking, here), _place(self.entrance, here)
        return NewSite(
            kind=self.kind,
            name=self.site_name,
            city=self.city,
            state=self.state,
            timezone=self.timezone,
            # What drivers are paid in is what the rule of today pays in.
            currency=PAY_RULES[CURRENT_PAY_RULE].currency,
            lat=here.lat_deg,
            lon=here.lon_deg,
            parking_lat=parking.lat_deg,
            parking_lon=parking.lon_deg,
            parking_note=self.parking_note,
            entrance_name=self.entrance_name,
            entrance_lat=entrance.lat_deg,
            entrance_lon=entrance.lon_deg,
            entrance_note=self.entrance_note,
            entrance_floor=int(self.entrance_floor),
            waits_for_orders=self.showing == "waits",
            area=None if self.roads == "usual" else self.roads,
            dispatcher_phone=self.dispatcher_phone or None,
        )


class StoreForm(Body):
    """A store at a site; it is where the site is unless its place is told."""

    store_name: Name
    merchant: Name
    floor: Floor
    floor_name: RequiredLine
    unit: Line
    counter_note: Note
    counter: PointOrNothing

    def store(self, site: Point) -> NewStore:
        """Return what was typed, for a site that is there."""
        here = _place(self.counter, site)
        return NewStore(
            name=self.store_name,
            floor=int(self.floor),
            floor_name=self.floor_name,
            unit=self.unit,
            counter_note=self.counter_note,
            lat=here.lat_deg,
            lon=here.lon_deg,
        )


def point_text(lat: float, lon: float) -> str:
    """Return a point as it is typed: five decimals are about a metre."""
    return f"{lat:.5f}, {lon:.5f}"
