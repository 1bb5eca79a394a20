"""Every kind of job, the function that does it, and which of them come again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from app.jobs import demo
from app.runs import forming
from app.tracking import positions

Handler = Callable[..., None]


def form_runs(*, site_id: str, now: datetime) -> None:
    """Put a site's open deliveries into runs on offer."""
    forming.form_runs(site_id, now=now)


def erase_positions(*, now: datetime) -> None:
    """Erase raw positions past their time."""
    positions.erase_old(now=now)


HANDLERS: Final[Mapping[str, Handler]] = {
    "form_runs": form_runs,
    "erase_positions": erase_positions,
    **demo.HANDLERS,
}

#: Kinds that run again and again, with the seconds between.
SCHEDULE: Final[Mapping[str, int]] = {"erase_positions": 3600, **demo.SCHEDULE}
