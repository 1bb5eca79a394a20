"""Opening sites and stores, and changing what people read about them."""

from datetime import datetime
from typing import Final
from zoneinfo import available_timezones

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError
from app.domain.geo import Point
from app.domain.site import SiteKind
from app.domain.traffic import Area, area_of
from app.runs import relearning, showing
from app.sites import queries as sites
from app.sites import sandbox
from app.sites import service as site_service
from app.sites.queries import Site, Store
from app.web.console.forms import Failed, submit
from app.web.console.frame import console, page
from app.web.console.learned import learned_rows
from app.web.console.present import notice
from app.web.console.routes import back_to
from app.web.console.scope import my_store, require_dispatcher
from app.web.console.site_forms import SiteForm, StoreForm, point_text
from app.web.console.store_lists import store_rows
from app.web.limits import limited
from app.web.texts import N_
from app.web.texts import gettext as _

#: Offered first, because the product was made for them.
_ZONES_FIRST: Final = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
)
_ROADS: Final = {
    Area.URBAN: N_("City streets"),
    Area.SUBURBAN: N_("Suburb"),
    Area.RURAL: N_("Country roads"),
}
_ZONES: Final = (*_ZONES_FIRST, *sorted(available_timezones() - set(_ZONES_FIRST)))


def require_site(site_id: str) -> Site:
    """Return a site.

    Raises:
        DomainError: `not_found`.
    """
    row = sites.site(site_id)
    if row is None:
        raise DomainError("not_found")
    return row


def site_page(site: Site | None, failed: Failed | None = None) -> str:
    """Render a site's form, filled with what is known, and below it the stores of the site."""
    stores = sites.stores_of_site(site.id) if site is not None else ()
    return page(
        "site",
        site_id=site.id if site is not None else "",
        values=_site_values(site) if site is not None else {},
        zones=_ZONES,
        stores=store_rows(stores),
        merchants=sites.merchant_names(),
        roads=_road_choices(site),
        learned=learned_rows(site) if site is not None else [],
        failed=failed,
        done=notice(request.args.get("done")),
    )


def _road_choices(site: Site | None) -> list[tuple[str, str]]:
    """Return what can be said of the roads around a site; of a known one, what is usual there."""
    words = {each: _(text) for each, text in _ROADS.items()}
    usual = words[area_of(SiteKind(site.kind), None)] if site is not None else ""
    first = _("As usual here: {roads}").format(roads=usual) if usual else _("As usual")
    return [("usual", first), *((each.value, text) for each, text in words.items())]


def _site_values(site: Site) -> dict[str, str]:
    return {
        "kind": site.kind,
        "site_name": site.name,
        "city": site.city,
        "state": site.state,
        "timezone": site.timezone,
        "point": point_text(site.lat, site.lon),
        "parking": point_text(site.parking_lat, site.parking_lon),
        "parking_note": site.parking_note,
        "entrance_name": site.entrance_name,
        "entrance": point_text(site.entrance_lat, site.entrance_lon),
        "entrance_note": site.entrance_note,
        "entrance_floor": str(site.entrance_floor),
        "showing": "waits" if site.waits_for_orders else "at_once",
        "roads": site.area or "usual",
        "dispatcher_phone": site.dispatcher_phone or "",
    }


@console.get("/sites/new")
@limited("page")
def ask_site() -> ResponseReturnValue:
    require_dispatcher()
    return site_page(None)


@console.post("/sites")
@limited("command")
def open_site() -> ResponseReturnValue:
    require_dispatcher()
    opened: list[str] = []
    failed = submit(
        SiteForm, lambda form, _now: opened.append(site_service.add_site(form.site()).id)
    )
    if failed is not None:
        return site_page(None, failed), 422
    return redirect(f"/console/sites/{opened[-1]}?done=site_opened", 303)


@console.get("/sites/<site_id>")
@limited("page")
def site(site_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return site_page(require_site(site_id))


@console.post("/sites/<site_id>")
@limited("command")
def change_site(site_id: str) -> ResponseReturnValue:
    require_dispatcher()
    require_site(site_id)

    def effect(form: SiteForm, now: datetime) -> None:
        before = relearning.area_at(site_id)
        site_service.change_site(site_id, form.site())
        relearning.follow(site_id, before, now=now)
        if not form.site().waits_for_orders:
            showing.ask_to_stop_waiting(site_id, now=now)

    failed = submit(SiteForm, effect)
    if failed is not None:
        return site_page(require_site(site_id), failed), 422
    return redirect(f"/console/sites/{site_id}?done=site_changed", 303)


@console.post("/sites/<site_id>/stores")
@limited("command")
def open_store(site_id: str) -> ResponseReturnValue:
    require_dispatcher()
    here = _point_of(require_site(site_id))
    opened: list[str] = []

    def effect(form: StoreForm, now: datetime) -> None:
        merchant_id = site_service.merchant_named(form.merchant).id
        row = site_service.add_store(form.store(here), site_id=site_id, merchant_id=merchant_id)
        sandbox.follow(merchant_id, now=now)
        opened.append(row.id)

    failed = submit(StoreForm, effect)
    if failed is not None:
        return site_page(require_site(site_id), failed), 422
    return back_to(opened[-1], "store_opened")


@console.get("/stores/<store_id>/place")
@limited("page")
def ask_store(store_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return store_form_page(my_store(store_id))


def store_form_page(store: Store, failed: Failed | None = None) -> str:
    """Render the form about a store's place."""
    merchant = sites.merchant(store.merchant_id)
    values = {
        "store_name": store.name,
        "merchant": merchant.name if merchant is not None else "",
        "floor": str(store.floor),
        "floor_name": store.floor_name,
        "unit": store.unit,
        "counter_note": store.counter_note,
        "counter": point_text(store.lat, store.lon),
    }
    return page(
        "store_place",
        store_id=store.id,
        store_name=store.name,
        values=values,
        merchants=sites.merchant_names(),
        failed=failed,
    )


@console.post("/stores/<store_id>/place")
@limited("command")
def change_store(store_id: str) -> ResponseReturnValue:
    require_dispatcher()
    here = _point_of(require_site(my_store(store_id).site_id))

    def effect(form: StoreForm, _now: object) -> None:
        merchant_id = site_service.merchant_named(form.merchant).id
        site_service.change_store(store_id, form.store(here), merchant_id=merchant_id)

    failed = submit(StoreForm, effect)
    if failed is not None:
        return store_form_page(my_store(store_id), failed), 422
    return back_to(store_id, "store_changed")


def _point_of(site: Site) -> Point:
    return Point(site.lat, site.lon)
