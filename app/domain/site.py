"""Kinds of pickup sites, and what differs between them."""

from enum import StrEnum
from typing import Final


class SiteKind(StrEnum):
    """What a site is; the values are stored."""

    MALL = "mall"
    STREET = "street"
    STATION = "station"
    HUB = "hub"


#: Carriers bring the parcels in: they are not there when they are ordered.
INBOUND: Final = frozenset({SiteKind.STATION, SiteKind.HUB})

#: A shelf's name, as people write it on the board: "A3", "fridge".
SHELF_MAX: Final = 20


def may_work(hub_id: str | None, site_id: str, kind: SiteKind) -> bool:
    """Tell whether a driver, of a hub or of none, may work at a site: a hub is for its own."""
    return hub_id == site_id if kind is SiteKind.HUB or hub_id is not None else True


def carrier_code(text: str) -> str:
    """Return a carrier's code as it is compared: capitals and digits, whatever stood between."""
    return "".join(each for each in text.upper() if each.isalnum())
