"""Learning a site's drives anew when the roads around it are said to be others.

What drives have taught is a factor on the estimate for the area that was said then. For another one
it is wrong: it would slow down or speed up what no longer needs it. So it is forgotten with the
change, and the last runs are compared with the new estimate soon after.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select

from app.domain.learned import Timed
from app.domain.observing import observations
from app.domain.retention import PERSONAL_DATA
from app.domain.run import RunStatus
from app.domain.traffic import Area
from app.jobs.queue import enqueue
from app.persistence.transaction import session
from app.runs import arriving, learning, queries
from app.runs.models import LearnedTime, Run
from app.sites import queries as sites

RELEARN: Final = "relearn_drives"
#: Runs that are looked at again: their drives outnumber what is remembered of any hours. Half a
#: second, in which nobody else writes on SQLite.
RUNS_MAX: Final = 60
#: Of older runs the doors are known to a kilometre only, or soon will be: their ways say nothing.
RUNS_SINCE: Final = PERSONAL_DATA - timedelta(days=7)

_DRIVEN: Final = (
    select(Run)
    .where(
        Run.site_id == bindparam("of_site"),
        Run.status == RunStatus.FINISHED.value,
        Run.learned_at.is_not(None),
        Run.finished_at > bindparam("since"),
    )
    .order_by(Run.finished_at.desc())
    .limit(RUNS_MAX)
)


def area_at(site_id: str) -> Area | None:
    """Return what roads there are around a site; None where there is no such site."""
    site = sites.site(site_id)
    return learning.driving_of(site).area if site is not None else None


def follow(site_id: str, before: Area | None, *, now: datetime) -> None:
    """Forget what drives have taught, and ask to tell it anew, if the roads are others than before.

    How wrong arrivals were is forgotten with it: windows are as wide as by default until then.
    """
    if area_at(site_id) is before:
        return
    _forget(site_id)
    enqueue(RELEARN, {"site_id": site_id}, key=f"{RELEARN}:{site_id}", run_at=now, now=now)


def relearn(site_id: str, *, now: datetime) -> None:
    """Compare the drives of a site's last runs with the estimate of now. It may be done again.

    Runs that were learned from since the change are among them: what they said is forgotten first.
    """
    site = sites.site(site_id)
    if site is None:
        return
    _forget(site_id)
    runs = session().scalars(_DRIVEN, {"of_site": site_id, "since": now - RUNS_SINCE}).all()[::-1]
    stops = queries.stops_of_runs([run.id for run in runs])
    done = [(run.finished_at, learning.done_run(run, stops[run.id], site)) for run in runs]
    for finished_at, each in done:
        if finished_at is not None:
            drives = (seen for seen in observations(each) if seen.timed is Timed.DRIVE)
            learning.add(site_id, drives, at=finished_at)
    pace = learning.pace_of(site)
    for _finished_at, each in done:
        learning.note_arrivals(site_id, each, pace)


def _forget(site_id: str) -> None:
    drives = LearnedTime.timed == Timed.DRIVE.value
    session().execute(delete(LearnedTime).where(LearnedTime.site_id == site_id, drives))
    arriving.forget(site_id)
