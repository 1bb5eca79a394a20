"""A mall, a store of it and a door, as the tests know them; who needs another replaces a field."""

from collections.abc import Mapping
from typing import Any, Final

from app.sites.service import NewSite, NewStore

MALL: Final = NewSite(
    kind="mall",
    name="Chandler Fashion Center",
    city="Chandler",
    state="AZ",
    timezone="America/Phoenix",
    currency="USD",
    lat=33.30,
    lon=-111.89,
    parking_lat=33.3005,
    parking_lon=-111.8995,
    parking_note="Level 1, rows A to C",
    entrance_name="Entrance 3",
    entrance_lat=33.3009,
    entrance_lon=-111.8985,
    entrance_note="Beside the fountain",
    entrance_floor=0,
)
STORE: Final = NewStore(
    name="Lumen",
    floor=1,
    floor_name="Level 2",
    unit="2036",
    counter_note="At the back, by the fitting rooms",
    lat=33.301,
    lon=-111.898,
)
#: Two kilometres from the mall.
DOOR: Final = (33.318, -111.885)
#: An order's fields of where it goes.
CLEOS_DOOR: Final[Mapping[str, Any]] = {
    "street": "123 N Dobson Rd",
    "unit": "Apt 4",
    "city": "Chandler",
    "postal_code": "85224",
    "lat": DOOR[0],
    "lon": DOOR[1],
}
#: Another one, a mile farther.
ELM: Final[Mapping[str, Any]] = {
    "street": "9 Elm St",
    "unit": "",
    "city": "Gilbert",
    "postal_code": "85233",
    "lat": 33.33,
    "lon": -111.87,
}
