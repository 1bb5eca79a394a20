"""Runs on offer as a driver sees them: how each fits, and what became of those he asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import current_app

from app.blocks import queries as blocks
from app.config import Settings
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.area import area_label
from app.domain.fit import Candidate, Misfit, Need, misfits
from app.domain.geo import Point
from app.domain.learned import SiteTimes
from app.domain.run import StopKind
from app.runs import asks, learning, offering
from app.runs import queries as runs
from app.runs.queries import PayLineRow, Run, Stop
from app.runs.under_way import AsDriver
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.web.driver import whereabouts
from app.web.driver.pay import pay_json, wave_json
from app.web.formats import iso, iso_or_none, spoken_area

#: What became of a wish is told for this long, or until the next run is held.
ANSWER_SHOWN: Final = timedelta(minutes=2)
#: A way of a few steps is no news.
_AWAY_STEP_M: Final = 100

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Board:
    """Who looks at a site's offers, and when."""

    site: Site
    driver: Candidate
    times: SiteTimes
    vehicle: str
    window: timedelta
    asked: frozenset[str]
    now: datetime


def offers_of(driver: AsDriver, site: Site, now: datetime) -> list[Json]:
    """Return a site's offers for a driver, those that fit first. A fixed number of queries."""
    offered = runs.offered_runs(site.id, now=now, to_drivers=True)
    if not offered:
        return []
    ids = [run.id for run in offered]
    stops, pay = runs.stops_of_runs(ids), runs.pay_lines(ids)
    by_id = {row.id: row for row in deliveries.deliveries_of_runs(ids)}
    stores = sites.stores_by_id({row.store_id for row in by_id.values()})
    board = _board(driver, site, now)
    shown = [_offer(run, board, stops[run.id], pay[run.id], by_id, stores) for run in offered]
    return sorted(shown, key=lambda each: bool(each["fit"]["misfits"]))


def _board(driver: AsDriver, site: Site, now: datetime) -> _Board:
    settings: Settings = current_app.extensions["mallrun_settings"]
    window = timedelta(seconds=settings.offer_window_s)
    here = whereabouts.last_known(driver.person_id, now=now)
    pace = learning.pace_of(site)
    away = offering.Away.of(site, here, pace, now)
    has_block = bool(blocks.drivers_in_block([driver.person_id], site.id, now=now))
    candidate = offering.candidate(driver, away, now, has_block=has_block)
    asked = asks.asked_by(driver.person_id, since=now - window) if window else frozenset[str]()
    return _Board(site, candidate, pace.times, driver.vehicle_class, window, asked, now)


def _offer(
    run: Run,
    board: _Board,
    stops: Sequence[Stop],
    pay: Sequence[PayLineRow],
    by_id: Mapping[str, Delivery],
    stores: Mapping[str, Store],
) -> Json:
    doors = [stop for stop in stops if stop.kind == StopKind.DROPOFF.value]
    carried = [by_id[stop.delivery_id or ""] for stop in doors]
    site = board.site
    centre = Point(site.lat, site.lon)
    pickups = [stop for stop in stops if stop.kind == StopKind.PICKUP.value]
    return {
        "id": run.id,
        "rev": run.version,
        "site": {"id": site.id, "name": site.name, "city": site.city, "timezone": site.timezone},
        "stores": [
            {
                "name": stores[stop.store_id or ""].name,
                "floor": stores[stop.store_id or ""].floor_name,
                "parcel_count": sum(
                    row.parcel_count for row in carried if row.store_id == stop.store_id
                ),
            }
            for stop in pickups
        ],
        "parcel_count": run.parcel_count,
        "pickup_count": len(pickups),
        "dropoff_count": len(doors),
        "areas": [
            spoken_area(area_label(row.postal_code, Point(row.lat, row.lon), centre))
            for row in carried
        ],
        "minutes": -(-run.duration_s // 60),
        "distance_m": run.distance_m,
        **pay_json(pay, run.currency),
        "window": {"from": iso(run.window_from), "until": iso(run.window_until)},
        "begins_at": iso_or_none(min((stop.planned_at for stop in stops), default=None)),
        "wave": wave_json(run),
        "fit": _fit(offering.need_of(run, stops, by_id, board.times), board),
        "ranked": _ranked(run, board),
    }


def _fit(need: Need, board: _Board) -> Json:
    """Return how a run fits; nothing in it moves with every second."""
    driver = board.driver
    found = misfits(need, driver, board.now)
    away_m = driver.away_m
    return {
        "away_m": None if away_m is None else round(away_m / _AWAY_STEP_M) * _AWAY_STEP_M,
        "vehicle_class": board.vehicle,
        "capacity_l": driver.capacity_l,
        "litres": need.litres,
        "shift_until": iso_or_none(driver.shift_until),
        "has_block": driver.has_block,
        "misfits": [each.value for each in Misfit if each in found],
    }


def _ranked(run: Run, board: _Board) -> Json | None:
    until = asks.ranked_until(run, board.window, board.now)
    if until is None:
        return None
    return {"until": iso(until), "is_asked": run.id in board.asked}


def answers_of(person_id: str, now: datetime) -> list[Json]:
    """Return what became of the runs that a driver asked for a moment ago. Two queries."""
    lost = asks.lost_lately(person_id, since=now - ANSWER_SHOWN)
    names = sites.names_by_id({site_id for _row, site_id in lost})
    return [
        {
            "run_id": row.run_id,
            "site_name": names.get(site_id, ""),
            "reason": row.reason,
            "answered_at": iso_or_none(row.answered_at),
        }
        for row, site_id in lost
    ]
