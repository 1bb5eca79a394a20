"""Deliveries at the console: a store's list, and the page of one."""

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.web.console.day import store_day
from app.web.console.delivery import delivery_view
from app.web.console.dossier import dossier_of
from app.web.console.forms import Failed
from app.web.console.frame import console, page
from app.web.console.present import notice, site_of
from app.web.console.scope import my_delivery, my_scope, my_store
from app.web.console.why import why_row
from app.web.limits import limited
from app.web.texts import gettext as _


@console.get("/stores/<store_id>/deliveries")
@limited("page")
def store_deliveries(store_id: str) -> ResponseReturnValue:
    store = my_store(store_id)
    rows = store_day(store, site_of(store), now=clock.now())
    return page("store_deliveries", store=store, rows=rows)


@console.get("/deliveries/<delivery_id>")
@limited("page")
def delivery(delivery_id: str) -> ResponseReturnValue:
    return delivery_page(delivery_id)


def delivery_page(delivery_id: str, failed: Failed | None = None) -> str:
    """Render a delivery's page, with a form that failed in its place.

    Full names and what people wrote are for dispatchers.
    """
    row, store = my_delivery(delivery_id)
    is_full = my_scope().is_everything
    found = dossier_of(row, store, is_full=is_full, now=clock.now())
    back = (
        ("/console/today", _("Today"))
        if is_full
        else (f"/console/stores/{store.id}/deliveries", _("Deliveries of {store}"))
    )
    back = (back[0], back[1].format(store=store.name))
    return page(
        "delivery",
        delivery=delivery_view(found),
        back=back,
        why=why_row(row.run_id, row.id, now=clock.now()) if is_full else None,
        failed=failed,
        done=notice(request.args.get("done")),
    )
