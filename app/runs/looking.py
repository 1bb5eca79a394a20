"""A site's open orders and unclaimed runs at one instant, and what of them has changed since.

Whoever puts runs together looks, decides with nothing held, and writes what still holds. Of
thousands of orders only what deciding needs is read, below the ORM: a row of a delivery has four
times as much.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery, Outline
from app.domain.delivery import ProofKind
from app.domain.forming import FormingSite, OfferedRun, OpenDelivery
from app.domain.geo import Point
from app.domain.run import RunStatus
from app.domain.site import SiteKind
from app.runs import learning, queries
from app.runs.models import Run
from app.sites import queries as sites
from app.sites.queries import Site, Store

#: Unclaimed runs that are considered together; the oldest windows first.
RUNS_CONSIDERED: Final = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A site at one instant, with nothing of the database left in it.

    Attributes:
        site_id: Of the site.
        site: Where its runs begin.
        runs: What unclaimed runs carry, without those that are to stay as they are.
        versions: Of each run, to know later whether somebody changed it.
        waiting: Orders that are in no run, as far as they were asked for.
        waits: Whether runs wait for more orders here: what is not full yet may still fill.
    """

    site_id: str
    site: FormingSite
    runs: tuple[OfferedRun, ...]
    versions: Mapping[str, int]
    waiting: tuple[OpenDelivery, ...] = ()
    waits: bool = False

    @property
    def places(self) -> list[Point]:
        """Where runs could drive: the site's parking, and doors."""
        carried = (each for run in self.runs for each in run.deliveries)
        return [self.site.parking, *(each.dropoff for each in (*self.waiting, *carried))]


def look(
    site_id: str,
    *,
    now: datetime,
    waiting: Sequence[Outline] = (),
    with_room_for: int | None = None,
) -> Seen:
    """Read a site and its unclaimed runs. Five queries.

    Args:
        site_id: Of the site.
        now: The present.
        waiting: Orders of it that are in no run.
        with_room_for: Only runs with fewer orders than this; None for all.
    """
    rows = queries.open_runs(
        site_id, now=now, limit=RUNS_CONSIDERED, fewer_doors_than=with_room_for
    )
    carried = deliveries.waiting_in_runs([row.id for row in rows])
    stores = sites.stores_by_id({each.store_id for each in (*carried, *waiting)})
    by_run: dict[str, list[OpenDelivery]] = {row.id: [] for row in rows}
    for each in carried:
        by_run[each.run_id or ""].append(open_delivery(each, stores))
    return Seen(
        site_id=site_id,
        site=forming_site(site_id),
        runs=tuple(OfferedRun(run_id, tuple(found)) for run_id, found in by_run.items() if found),
        versions={row.id: row.version for row in rows},
        waiting=tuple(open_delivery(each, stores) for each in waiting),
        waits=waits_for_orders(site_id),
    )


def changed(seen: Seen, run_ids: Collection[str]) -> set[str]:
    """Return which runs are not any more what was seen, or are to stay as they are now.

    Locks all of them, in order of their ids, for whoever writes.
    """
    was = {run.id: {each.id for each in run.deliveries} for run in seen.runs}
    rows = {run_id: queries.run(run_id, lock=True) for run_id in sorted(run_ids)}
    now_has: dict[str, set[str]] = {run_id: set() for run_id in run_ids}
    for each in deliveries.waiting_in_runs(list(run_ids)):
        now_has[each.run_id or ""].add(each.id)
    # Somebody may have asked for it meanwhile: he gets what he has seen.
    asked = queries.asked_for(run_ids)
    return {
        run_id
        for run_id, row in rows.items()
        if row is None
        or not is_open(row)
        or row.version != seen.versions[run_id]
        or was[run_id] != now_has[run_id]
        or run_id in asked
    }


def is_open(run: Run) -> bool:
    """Tell whether a run may still gain or lose orders: on offer, and nothing of it is sorted."""
    return run.status == RunStatus.OFFERED.value and run.sealed_at is None


def kind_of(site_id: str) -> SiteKind:
    """Return what a site is.

    Raises:
        LookupError: When there is no such site.
    """
    return SiteKind(_site(site_id).kind)


def waits_for_orders(site_id: str) -> bool:
    """Tell whether the runs of a site wait for more orders before drivers see them."""
    site = sites.site(site_id)
    return site is not None and site.waits_for_orders


def _site(site_id: str) -> Site:
    site = sites.site(site_id)
    if site is None:
        message = f"site {site_id} is missing"
        raise LookupError(message)
    return site


def forming_site(site_id: str) -> FormingSite:
    """Return where the runs of a site begin.

    Raises:
        LookupError: When there is no such site.
    """
    site = _site(site_id)
    pace = learning.pace_of(site)
    return FormingSite(
        entrance=Point(site.entrance_lat, site.entrance_lon),
        parking=Point(site.parking_lat, site.parking_lon),
        entrance_floor=site.entrance_floor,
        times=pace.times,
        travel=pace.travel,
    )


def open_delivery(row: Delivery | Outline, stores: Mapping[str, Store]) -> OpenDelivery:
    """Return a delivery as the domain plans it; `stores` by id has its store."""
    store = stores[row.store_id]
    return OpenDelivery(
        id=row.id,
        store_id=row.store_id,
        store_point=Point(store.lat, store.lon),
        floor=store.floor,
        dropoff=Point(row.lat, row.lon),
        window_from=row.window_from,
        window_until=row.window_until,
        ready_at=row.packed_at or row.ready_at,
        parcels=row.parcel_count,
        litres=row.parcel_count * row.parcel_litres,
        proof=ProofKind(row.proof),
    )
