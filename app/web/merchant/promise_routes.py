"""The merchant's promises: the lines for the shop, the checkout's switch, stock from a table."""

from datetime import datetime
from typing import Final, Literal

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from app import slow_calls
from app.deliveries import ordering
from app.domain.errors import DomainError
from app.domain.stock import quantities_of
from app.domain.table_files import read_table
from app.persistence.transaction import session
from app.promise import queries, service, stock
from app.sites import queries as sites
from app.web.console.forms import carry_out
from app.web.limits import limited
from app.web.merchant.frame import merchant, page
from app.web.merchant.scope import me
from app.web.problems import words_of
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.validation import Body

_DONE: Final = {
    "on": N_("Customers can order deliveries for today on our page now."),
    "off": N_("Customers cannot order on our page any more."),
    "stock": N_("The stock is noted."),
}


class SwitchForm(Body):
    """Whether customers may order on the hosted page."""

    checkout: Literal["on", "off"]


@merchant.get("/promise")
@limited("page")
def promise() -> ResponseReturnValue:
    return promise_page()


def promise_page(refusal: DomainError | None = None) -> str:
    """Render each store's lines for the shop, its switch and its form for stock."""
    stores = sites.stores_of_merchant(me().merchant_id)
    said = _DONE.get(request.args.get("done", ""))
    return page(
        "promise",
        stores=stores,
        places=sites.sites_by_id({row.site_id for row in stores}),
        hosted=queries.with_checkout([row.id for row in stores]),
        origin=current_app.extensions["mallrun_settings"].public_url,
        done=_(said) if said else "",
        refusal=words_of(refusal.code, dict(refusal.facts)) if refusal is not None else None,
    )


@merchant.post("/promise/<store_id>")
@limited("command")
def switch_checkout(store_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id
    ordering.own_store(store_id, merchant_id)
    form = SwitchForm.model_validate(request.form.to_dict())

    def effect(now: datetime) -> None:
        service.switch_checkout(store_id, is_on=form.checkout == "on", now=now)

    carry_out(effect)
    return redirect(f"/merchant/promise?done={form.checkout}", 303)


@merchant.post("/promise/<store_id>/stock")
@limited("command")
def upload_stock(store_id: str) -> ResponseReturnValue:
    ordering.own_store(store_id, me().merchant_id)
    file = request.files.get("table")
    content = file.read() if file is not None else b""
    session().rollback()
    try:
        quantities = quantities_of(slow_calls.run_heavy(read_table, content))
    except DomainError as refusal:
        return promise_page(refusal), refusal.problem.status
    carry_out(lambda now: stock.tell(store_id, quantities, now=now))
    return redirect("/merchant/promise?done=stock", 303)
