"""One mall and one store of it, as the tests know them; whoever needs another replaces a field."""

from typing import Final

from app.sites.service import NewSite, NewStore

MALL: Final = NewSite(
    kind="mall",
    name="Canyon Mall",
    city="Chandler",
    state="AZ",
    timezone="America/Phoenix",
    currency="USD",
    lat=33.3006,
    lon=-111.8996,
    parking_lat=33.3008,
    parking_lon=-111.8999,
    parking_note="Level 1, rows A to C",
    entrance_name="Entrance 3",
    entrance_lat=33.3009,
    entrance_lon=-111.8985,
    entrance_note="Beside the fountain",
    entrance_floor=0,
)
STORE: Final = NewStore(
    name="Juniper",
    floor=1,
    floor_name="Level 2",
    unit="2036",
    counter_note="At the back, by the fitting rooms",
    lat=33.301,
    lon=-111.898,
)
