"""Bringing parcels to a hub: which counters take some in, and what they took from a driver."""

from datetime import datetime
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue

from app import clock
from app.handoffs import visits
from app.handoffs.visits import Visited
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.web.driver.routes import driver, me
from app.web.formats import iso
from app.web.limits import limited

#: A driver reads through so many receipts.
VISITS_SHOWN: Final = 20

Json = dict[str, Any]


@driver.get("/api/bring")
@limited("state")
def bring() -> ResponseReturnValue:
    return jsonify(bringing(me(), now=clock.now()))


def bringing(person_id: str, *, now: datetime) -> Json:
    """Return where parcels can be brought, and a driver's own visits, newest first. Four queries.

    Of what was brought there are counts only: what the parcels are and for whom is the counter's.
    """
    found = visits.visits_of_driver(person_id, limit=VISITS_SHOWN)
    at = sites.stores_with_sites({each.visit.store_id for each in found})
    return {
        "counters": [_counter(store, site) for store, site in sites.counters_for_carriers()],
        "visits": [_visit(each, *at[each.visit.store_id], now) for each in found],
    }


def _counter(store: Store, site: Site) -> Json:
    return {
        "number": store.number,
        "name": store.name,
        "site_name": site.name,
        "city": site.city,
        "kind": site.kind,
        "lat": store.lat,
        "lon": store.lon,
    }


def _visit(found: Visited, store: Store, site: Site, now: datetime) -> Json:
    visit = found.visit
    return {
        "id": visit.id,
        "counter": {"number": store.number, "name": store.name, "timezone": site.timezone},
        "opened_at": iso(visit.opened_at),
        "ends_at": iso(visits.over_at(visit)),
        "is_open": visits.is_open(visit, now=now),
        "parcel_count": found.parcel_count,
    }
