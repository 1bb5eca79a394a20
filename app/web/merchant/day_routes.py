"""The merchant's day: deliveries as they stand, searching, and the timeline of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import current_app, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import queries as accounts
from app.deliveries import overview
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.delivery import WITH_STORE, Mover, may_move
from app.domain.events import EventType
from app.domain.retention import PERSONAL_DATA
from app.domain.tracking_answer import Span
from app.eventlog import queries as eventlog
from app.eventlog.service import facts_of
from app.runs import queries as runs
from app.sites import queries as sites
from app.sites.queries import Site
from app.tracking.links import tracking_token
from app.web.console.day import (
    DELIVERY_WORDS,
    DeliveryRow,
    DeliveryStatus,
    delivery_rows,
    tone_of,
    trouble_of,
    trouble_text,
)
from app.web.console.forms import Failed
from app.web.console.present import times_of
from app.web.console.words import CANCEL_REASONS, event_words
from app.web.formats import iso, spoken_money
from app.web.limits import limited
from app.web.merchant.frame import merchant, page
from app.web.merchant.scope import me, my_delivery
from app.web.texts import gettext as _

#: Found deliveries that are shown; whoever wants others types more.
FOUND_MAX: Final = 50
_WORDS_MAX: Final = 100
#: What the office does beside a delivery is not the merchant's business.
_INTERNAL: Final = frozenset(
    {EventType.STATEMENT_RECORDED.value, EventType.RUN_WARNED.value, EventType.PHONE_RETIRED.value}
)


def home_site(merchant_id: str) -> Site | None:
    """Return the site of a merchant's first store; its clock is the merchant's."""
    stores = sites.stores_of_merchant(merchant_id)
    return sites.site(stores[0].site_id) if stores else None


@merchant.get("/")
@limited("page")
def index() -> ResponseReturnValue:
    who, now = me(), clock.now()
    words = request.args.get("q", "").strip()[:_WORDS_MAX]
    site = home_site(who.merchant_id)
    if site is None:
        return page("today", rows=(), words=words, has_store=False)
    rows = _rows(_found(who.merchant_id, words, site, now=now), site, now=now)
    return page("today", rows=rows, words=words, has_store=True)


def _found(merchant_id: str, words: str, home: Site, *, now: datetime) -> Sequence[Delivery]:
    if not words:
        return overview.deliveries_of_merchant_day(merchant_id, since=_midnight(home, now))
    since = now - PERSONAL_DATA
    return overview.found_by_merchant(merchant_id, words, since=since, limit=FOUND_MAX)


def _rows(found: Sequence[Delivery], home: Site, *, now: datetime) -> list[DeliveryRow]:
    """Return deliveries in words; those of other places by the clock there, with its name."""
    rows = delivery_rows(found, times_of(home, now=now), now=now)
    places = sites.sites_by_id({row.site_id for row in found})
    if len(places) < 2:
        return rows
    by_id = {row.id: row for row in found}
    return [_at_its_place(row, by_id[row.id], places, now=now) for row in rows]


def _at_its_place(
    shown: DeliveryRow, row: Delivery, places: Mapping[str, Site], *, now: datetime
) -> DeliveryRow:
    place = places[row.site_id]
    window = times_of(place, now=now).dated_span(Span(row.window_from, row.told_until))
    return replace(shown, window=window, store=f"{shown.store}, {place.name}")


def _midnight(site: Site, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(site.timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


@merchant.get("/deliveries/<delivery_id>")
@limited("page")
def delivery(delivery_id: str) -> ResponseReturnValue:
    return delivery_page(delivery_id)


def delivery_page(delivery_id: str, failed: Failed | None = None) -> str:
    """Render a delivery; `failed` is cancelling that was refused."""
    done = request.args.get("done", "")
    causes = [(each.value, _(words)) for each, words in CANCEL_REASONS.items()]
    view = delivery_view(delivery_id)
    return page("delivery", delivery=view, causes=causes, done=done, failed=failed)


def delivery_view(delivery_id: str) -> dict[str, object]:
    """Return a delivery in words, with its timeline. Nine queries.

    Raises:
        DomainError: `not_found`.
    """
    row, now = my_delivery(delivery_id), clock.now()
    site, store = sites.site(row.site_id), sites.store(row.store_id)
    if site is None or store is None:
        message = "a delivery without site or store"
        raise LookupError(message)
    times, person = times_of(site, now=now), deliveries.recipient(row.id)
    run = runs.run(row.run_id) if row.run_id else None
    driver = accounts.person(run.driver_id) if run is not None and run.driver_id else None
    status, trouble = DeliveryStatus(row.status), trouble_of(row, now=now)
    keys = current_app.extensions["mallrun_keys"]
    return {
        "id": row.id,
        "ref": row.merchant_ref or row.id,
        "store": f"{store.name}, {site.name}",
        "status": _(DELIVERY_WORDS[status]),
        "tone": tone_of(status, trouble),
        "trouble": trouble_text(trouble),
        "window": times.dated_span(Span(row.window_from, row.told_until)),
        "parcels": row.parcel_count,
        "is_at_store": status in WITH_STORE,
        "can_cancel": may_move(status, DeliveryStatus.CANCELLED, Mover.CLERK),
        "recipient": person,
        "city": f"{row.city} {row.postal_code}",
        "driver": driver.first_name if driver is not None else "",
        "evidence": row.verification or "",
        "price": spoken_money(row.price_minor, site.currency) if row.price_minor else "",
        "tracking": f"/t/{tracking_token(row, keys.mac('tracking'))}",
        "timeline": [
            {
                "at": iso(event.occurred_at),
                "at_text": times.dated_clock(event.occurred_at),
                "what": event_words(EventType(event.type), facts_of(event.record)),
                "sequence": event.seq,
                "head": event.head[:16],
            }
            for event in eventlog.timeline(row.id)
            if event.type not in _INTERNAL
        ],
    }
