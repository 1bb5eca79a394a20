"""A hub's parcels, a station's waves and who brings them, as the desk shows it: `clerk/api.ts`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery, Recipient
from app.domain.area import area_label
from app.domain.geo import Point
from app.domain.site import INBOUND, SiteKind
from app.handoffs import visits
from app.runs import queries as runs
from app.sites.queries import Site
from app.web.formats import iso, spoken_area

Json = dict[str, Any]


def inbound_lists(
    site: Site, here: Sequence[Delivery], people: Mapping[str, Recipient]
) -> dict[str, list[Json]]:
    """Return `parcels` of what is expected or here, and a station's `waves`; else empty lists."""
    kind = SiteKind(site.kind)
    if kind not in INBOUND:
        return {"parcels": [], "waves": []}
    by_delivery = deliveries.parcels_of([row.id for row in here])
    centre = Point(site.lat, site.lon)
    parcels = [
        {
            "delivery_id": row.id,
            "handle": row.handle,
            "number": parcel.number,
            "of": row.parcel_count,
            "carrier_ref": row.carrier_ref,
            "merchant_ref": row.merchant_ref,
            "recipient_first_name": person.first_name if person is not None else "",
            "area": spoken_area(area_label(row.postal_code, Point(row.lat, row.lon), centre)),
            "run_id": row.run_id,
            "is_in": parcel.holder_kind != "carrier",
            "place": parcel.place,
        }
        for row in here
        for person in (people.get(row.id),)
        for parcel in by_delivery[row.id]
    ]
    return {"parcels": parcels, "waves": _waves(site) if kind is SiteKind.STATION else []}


def open_visit(desk_kid: int, *, now: datetime) -> Json | None:
    """Return who brings parcels to a desk at the moment, or None. At most four queries."""
    found = visits.open_visit_at(desk_kid, now=now)
    if found is None:
        return None
    visit = found.visit
    person, driver = accounts.person(visit.driver_id), accounts.driver(visit.driver_id)
    if person is None or driver is None:
        return None
    return {
        "id": visit.id,
        "phone_kid": visit.phone_kid,
        "driver": {
            "person_id": person.id,
            "first_name": person.first_name,
            "photo_url": f"/desk/api/drivers/{person.id}/photo" if person.photo_key else None,
            "vehicle": driver.vehicle,
        },
        "opened_at": iso(visit.opened_at),
        "ends_at": iso(visits.over_at(visit)),
        "parcel_count": found.parcel_count,
    }


def _waves(site: Site) -> list[Json]:
    found = runs.runs_in_waves(site.id)
    names = accounts.people_by_id({run.driver_id for run in found if run.driver_id})
    waves: dict[str, list[Json]] = {}
    for run in found:
        driver = names.get(run.driver_id or "")
        waves.setdefault(iso(run.wave_at) if run.wave_at else "", []).append(
            {
                "run_id": run.id,
                "bay": run.bay,
                "driver_first_name": driver.first_name if driver is not None else None,
            }
        )
    return [{"leaves_at": leaves_at, "runs": listed} for leaves_at, listed in waves.items()]
