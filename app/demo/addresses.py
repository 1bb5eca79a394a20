"""The streets around a demo's mall: its sites know them, and orders go to the nearest."""

from collections.abc import Sequence
from typing import Final

from app.demo.dataset import DemoAddress, DemoMall
from app.domain.geo import distance_m
from app.sites import service as sites

#: Orders stay this near, so that a simulated run takes minutes.
NEARBY_COUNT: Final = 16


def make_known(mall: DemoMall, site_id: str) -> None:
    """Let a site know every address around a mall, so that its clerks can pick them."""
    for each in mall.addresses:
        sites.add_known_address(
            site_id,
            street=each.street,
            city=each.city,
            postal_code=each.postal_code,
            lat=each.point.lat_deg,
            lon=each.point.lon_deg,
        )


def nearby(mall: DemoMall) -> Sequence[DemoAddress]:
    """Return the addresses that orders go to, nearest first."""
    away = sorted(mall.addresses, key=lambda address: distance_m(mall.centre, address.point))
    return away[:NEARBY_COUNT]
