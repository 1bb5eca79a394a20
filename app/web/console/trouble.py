"""What waits for a dispatcher: open incidents of every site, the longest waiting first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.handoffs import incidents
from app.handoffs.incidents import Incident
from app.sites import queries as sites
from app.web.console.present import times_of
from app.web.incidents import detail_of, dispatcher_step, title_of


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One incident that waits: what happened and what to do now.

    `place` is store and order, `drivers` are the names of those concerned.
    """

    delivery_id: str
    title: str
    detail: str
    step: str
    since: str
    place: str
    drivers: str


def waiting_rows(*, now: datetime) -> list[WaitingRow]:
    """Return what waits for a dispatcher. At most five queries, however much it is."""
    found = incidents.waiting()
    if not found:
        return []
    concerned = deliveries.deliveries_by_id({row.delivery_id for row in found})
    stores = sites.stores_by_id({row.store_id for row in concerned.values()})
    places = sites.sites_by_id({row.site_id for row in concerned.values()}).values()
    times = {site.id: times_of(site, now=now) for site in places}
    names = accounts.people_by_id({each for row in found for each in drivers_of(row)})
    rows: list[WaitingRow] = []
    for row in found:
        delivery = concerned[row.delivery_id]
        place = (stores[delivery.store_id].name, delivery.merchant_ref)
        rows.append(
            WaitingRow(
                delivery_id=row.delivery_id,
                title=title_of(row),
                detail=detail_of(row),
                step=dispatcher_step(row),
                since=times[delivery.site_id].dated_clock(row.opened_at),
                place=" · ".join(part for part in place if part),
                drivers=", ".join(
                    sorted(names[each].name for each in drivers_of(row) if each in names)
                ),
            )
        )
    return rows


def drivers_of(row: Incident) -> Sequence[str]:
    """Return the person ids of the drivers whom an incident concerns."""
    return [each for each in row.drivers.split(",") if each]
