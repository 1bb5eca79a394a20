"""Keeping the demo alive through the day."""

from datetime import datetime

from app.deliveries import queries as deliveries
from app.demo import inbound, orders
from app.domain.act import Act
from app.domain.delivery import CancelReason
from app.domain.site import INBOUND, SiteKind
from app.runs import cancelling
from app.sites import queries as sites


def look_after(*, now: datetime) -> None:
    """Take back orders whose window has passed, and place new ones where offers are few."""
    for site in sites.all_sites():
        _take_back_missed(site.id, now=now)
        if SiteKind(site.kind) in INBOUND:
            inbound.top_up(site, now=now)
        else:
            orders.top_up(site, now=now)


def _take_back_missed(site_id: str, *, now: datetime) -> None:
    act = Act.of_system(now)
    for store in sites.stores_of_site(site_id):
        for row in deliveries.at_store(store.id):
            if row.window_until <= now and row.status in {"created", "ready_for_pickup"}:
                cancelling.cancel_delivery(
                    row.id,
                    store_id=store.id,
                    reason=CancelReason.OTHER,
                    note="Demo: the window has passed",
                    act=act,
                )
