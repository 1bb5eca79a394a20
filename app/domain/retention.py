"""How long what is about people is kept.

Source: the retention table of `docs/privacy.md`. Uber Direct keeps proof pictures for 30 days as
well.
"""

from datetime import timedelta
from typing import Final

from app.domain.geo import Point

#: Name, phone, address and everything personal of a delivery, after its end.
PERSONAL_DATA: Final = timedelta(days=90)
#: Pictures of doors, after they were taken.
PHOTOS: Final = timedelta(days=30)
#: Answered commands, so that a phone that was in a drawer for weeks still gets its answers.
COMMANDS: Final = timedelta(days=90)
#: Ended sign-ins.
SIGN_INS: Final = timedelta(days=90)
#: Jobs that are done.
JOBS: Final = timedelta(days=14)
#: Codes that a tablet had on its screen.
SHOWN_CODES: Final = timedelta(days=1)

#: Which driver brought parcels to which counter, and when; the parcels' events keep what counts.
VISITS: Final = timedelta(days=90)

#: A hundredth of a degree is about a kilometre: enough for statistics, and nobody's door.
_DECIMALS: Final = 2


def coarse(point: Point) -> Point:
    """Return about where a point is, to a kilometre."""
    return Point(round(point.lat_deg, _DECIMALS), round(point.lon_deg, _DECIMALS))
