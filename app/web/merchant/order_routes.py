"""One order typed by hand: its price and window are shown before it is placed."""

from typing import Final

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app import clock
from app.api.v1.bodies import CreateDelivery
from app.api.v1.delivery_routes import new_delivery, point_of
from app.deliveries import ordering
from app.deliveries.ordering import Asked, Quote
from app.domain.errors import DomainError
from app.domain.order_columns import FIELDS
from app.domain.tracking_answer import Span
from app.sites import queries as sites
from app.web.console.forms import Failed, carry_out
from app.web.console.present import times_of
from app.web.formats import spoken_money
from app.web.limits import limited
from app.web.merchant.frame import merchant, page
from app.web.merchant.order_rows import UNKNOWN, Checked, check_rows
from app.web.merchant.scope import as_me, me
from app.web.merchant.upload_routes import surroundings
from app.web.problems import words_of
from app.web.texts import gettext as _

_FORM: Final = "order"
_CELL_MAX: Final = 1_000
#: What was shown holds no more: it is shown anew, and ordered only then.
_SHOWN_ANEW: Final = frozenset({"quote_expired", "quote_differs"})


@merchant.get("/order")
@limited("page")
def new_order() -> ResponseReturnValue:
    return order_page({})


@merchant.post("/order")
@limited("command")
def place_typed() -> ResponseReturnValue:
    """Show what an order costs and when it comes; place it once that was shown."""
    typed = {name: request.form.get(name, "").strip()[:_CELL_MAX] for name in FIELDS}
    checked = _checked(typed)
    if not checked.is_good:
        return order_page(typed, errors=_words(checked)), 422
    body, quote_id = CreateDelivery.model_validate_json(checked.order), request.form.get("quote")
    try:
        if not quote_id:
            return order_page(typed, quote=_quoted(body))
        return redirect(f"/merchant/deliveries/{_placed(body, quote_id)}?done=ordered", 303)
    except DomainError as refusal:
        if refusal.code == "not_found":
            raise
        if refusal.code == "merchant_ref_taken":
            taken = {"merchant_ref": _("This number is a delivery already. Enter another one.")}
            return order_page(typed, errors=taken), refusal.problem.status
        anew = _quoted(body) if refusal.code in _SHOWN_ANEW else None
        words = words_of("promise_changed" if anew else refusal.code, dict(refusal.facts))
        errors = {"": f"{words['detail']} {words['next_step']}"}
        return order_page(typed, errors=errors, quote=anew), refusal.problem.status


def order_page(
    typed: dict[str, str], *, errors: dict[str, str] | None = None, quote: Quote | None = None
) -> str:
    """Render the form, with price and window once there is a quote."""
    stores = sites.stores_of_merchant(me().merchant_id)
    places = sites.sites_by_id({row.site_id for row in stores})
    offer = None
    if quote is not None:
        site = next(places[row.site_id] for row in stores if row.id == quote.store_id)
        times = times_of(site, now=clock.now())
        offer = {
            "id": quote.id,
            "price": spoken_money(quote.price_minor, quote.currency),
            "window": times.dated_span(Span(quote.window_from, quote.window_until)),
            "until": times.clock(quote.expires_at),
        }
    return page(
        "order",
        stores=[(row.id, f"{row.name}, {places[row.site_id].name}") for row in stores],
        failed=Failed(_FORM, typed, errors or {}) if typed else None,
        offer=offer,
    )


def _checked(typed: dict[str, str]) -> Checked:
    """Check what was typed as the one row of a table would be."""
    stores, around = surroundings(me().merchant_id)
    columns = {name: at for at, name in enumerate(typed)}
    (checked,) = check_rows([list(typed), list(typed.values())], columns, stores, around)
    return checked


def _words(checked: Checked) -> dict[str, str]:
    words = checked.words()
    if checked.wrong is not None and checked.wrong.get("street", ("",))[0] == UNKNOWN:
        words["street"] = _("We do not know this address. Enter below where it is.")
    return words


def _quoted(body: CreateDelivery) -> Quote:
    merchant_id = me().merchant_id
    made: list[str] = []

    def effect() -> None:
        _store, site = ordering.own_store(body.store_id, merchant_id)
        asked = Asked(body.store_id, point_of(body.dropoff, site), body.parcel_count, None)
        made[:] = [ordering.quote(asked, merchant_id=merchant_id, now=clock.now()).id]

    carry_out(lambda _now: effect())
    return ordering.own_quote(made[0], merchant_id)


def _placed(body: CreateDelivery, quote_id: str) -> str:
    """Place what was quoted; the same page sent twice is one order."""
    merchant_id = me().merchant_id
    before = ordering.own_quote(quote_id, merchant_id).delivery_id
    if before is not None:
        return before
    made: list[str] = []

    def effect() -> None:
        store, site = ordering.own_store(body.store_id, merchant_id)
        new = new_delivery(body.model_copy(update={"quote": quote_id}), store, site)
        act = as_me(clock.now())
        made[:] = [ordering.place_order(new, store_id=store.id, quote_id=quote_id, act=act)]

    carry_out(lambda _now: effect())
    return made[0]
