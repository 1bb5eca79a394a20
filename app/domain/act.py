"""Who does something, and when: by the doer's own clock and by the server's."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Act:
    """The circumstances of a command; every service that changes something takes one.

    Attributes:
        actor: `driver:per_…`, `clerk:clk_…`, `person:per_…`, `customer` or `system`.
        occurred_at: The actor's own time, UTC; earlier than `now` when the device was without
            signal.
        now: The server's time, UTC.
    """

    actor: str
    occurred_at: datetime
    now: datetime

    @property
    def at(self) -> datetime:
        """When it happened, as far as the server believes it: never after it heard of it."""
        return min(self.occurred_at, self.now)

    @classmethod
    def of_system(cls, now: datetime) -> "Act":
        """Return an act of the product itself."""
        return cls("system", now, now)
