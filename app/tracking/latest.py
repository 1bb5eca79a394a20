"""The newest position of each driver, in memory or in Redis; the latest wins."""

import json
from datetime import datetime
from typing import Any, Final, Protocol

from app.domain.position import Fix

#: A position nobody has renewed for this long is forgotten.
FORGET_AFTER_S: Final = 900


class LatestPositions(Protocol):
    """Remembers one fix per driver."""

    def put(self, driver_id: str, fix: Fix) -> None:
        """Keep a driver's newest fix in place of the one before."""
        ...

    def get(self, driver_id: str) -> Fix | None:
        """Return a driver's newest fix, or None."""
        ...

    def forget(self, driver_id: str) -> None:
        """Drop a driver's fix: off duty."""
        ...


class InMemoryPositions:
    """For one process."""

    def __init__(self) -> None:
        self._fixes: dict[str, Fix] = {}

    def put(self, driver_id: str, fix: Fix) -> None:
        """Keep a driver's newest fix."""
        self._fixes[driver_id] = fix

    def get(self, driver_id: str) -> Fix | None:
        """Return a driver's newest fix, or None."""
        return self._fixes.get(driver_id)

    def forget(self, driver_id: str) -> None:
        """Drop a driver's fix."""
        self._fixes.pop(driver_id, None)


class RedisPositions:
    """For several processes. Without Redis a position is not known: nothing waits or fails."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - redis-py is an optional package.
        self._client = client

    def put(self, driver_id: str, fix: Fix) -> None:
        """Keep a driver's newest fix for `FORGET_AFTER_S`."""
        value = json.dumps([fix.lat_deg, fix.lon_deg, fix.accuracy_m, fix.fixed_at.isoformat()])
        self._try("set", f"position:{driver_id}", value, ex=FORGET_AFTER_S)

    def get(self, driver_id: str) -> Fix | None:
        """Return a driver's newest fix; None when there is none, or no Redis."""
        stored = self._try("get", f"position:{driver_id}")
        if stored is None:
            return None
        lat, lon, accuracy, at = json.loads(stored)
        return Fix(lat, lon, accuracy, datetime.fromisoformat(at))

    def forget(self, driver_id: str) -> None:
        """Drop a driver's fix."""
        self._try("delete", f"position:{driver_id}")

    def _try(self, command: str, *args: object, **options: object) -> Any:  # noqa: ANN401 - as above.
        try:
            return getattr(self._client, command)(*args, **options)
        except OSError:
            return None
        except Exception as error:
            # redis-py is an optional package: its base error is told by name instead of by import.
            if type(error).__module__.startswith("redis"):
                return None
            raise
