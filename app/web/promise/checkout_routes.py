"""The hosted checkout: a customer's delivery details, once the store's merchant allows it."""

from datetime import UTC, datetime
from typing import Annotated

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from app import clock
from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.promise import Answer, Plan, order_now
from app.domain.tracking_answer import Span
from app.persistence.ids import new_id
from app.promise import queries, service
from app.promise.queries import Asked
from app.promise.service import CustomerOrder
from app.tracking.links import tracking_token
from app.web.console.forms import Failed, submit
from app.web.language import chosen_locale
from app.web.limits import address, limited
from app.web.promise.frame import PostalCode, ShopRef, StoreId, shops
from app.web.promise.present import REASONS, Reader
from app.web.texts import gettext as _
from app.web.validation import Body, Line, Name, Note, Phone, RequiredLine


class CheckoutQuery(Body):
    """What the shop's page hands over."""

    store: StoreId
    postal_code: PostalCode
    ref: ShopRef = ""
    lang: str = ""


class CheckoutPlace(Body):
    """The hidden part of the form: what the page was made for, and what it showed."""

    store: StoreId
    postal_code: PostalCode
    ref: ShopRef
    token: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]
    shown_until: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,11}$")]
    price: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")]


class CheckoutForm(Body):
    """What the customer types."""

    person_name: Name
    phone: Phone
    street: RequiredLine
    apartment: Line
    city: RequiredLine
    instructions: Note


def reader() -> Reader:
    """Return for whom pages are: the browser's language counts here, unlike in cached answers."""
    return Reader(clock.now(), chosen_locale().partition("_")[0])


def _open_store(store_id: str, postal_code: str) -> Asked:
    """Return a store that takes orders here.

    Raises:
        DomainError: `checkout_off`.
    """
    for found in queries.asked([store_id], postal_code, now=clock.now()):
        if found.has_checkout:
            return found
    raise DomainError("checkout_off")


@shops.get("/promise/checkout")
@limited("page", by=address)
def checkout() -> ResponseReturnValue:
    query = CheckoutQuery.model_validate(request.args.to_dict())
    return checkout_page(_open_store(query.store, query.postal_code), query, _token())


def _token() -> str:
    return new_id("tok").removeprefix("tok_")


def checkout_page(
    asked: Asked, place: CheckoutQuery | CheckoutPlace, token: str, failed: Failed | None = None
) -> str:
    """Render the form with the window and price that hold now, or why there is none."""
    who = reader()
    plan = order_now(asked.circumstances) if asked.circumstances else asked.refusal
    if not isinstance(plan, Plan):
        text, next_step = REASONS[plan]
        return render_template(
            "promise/not_today.html",
            store=asked.store,
            text=_(text),
            next_step=_(next_step),
            is_elsewhere=plan in {Answer.POSTAL_CODE_UNKNOWN, Answer.TOO_FAR},
            postal_code=place.postal_code,
            ref=place.ref,
        )
    price = asked.price_minor or 0
    return render_template(
        "promise/checkout.html",
        store=asked.store,
        site=asked.site,
        window=who.window(asked, Span(plan.window_from, plan.window_until)),
        price=who.money(price, asked.site.currency),
        hidden={
            "store": asked.store.id,
            "postal_code": place.postal_code,
            "ref": place.ref,
            "token": token,
            "shown_until": str(int(plan.window_until.timestamp())),
            "price": str(price),
        },
        postal_code=place.postal_code,
        ref=place.ref,
        failed=failed,
    )


@shops.post("/promise/checkout")
@limited("checkout", by=address)
def order() -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in CheckoutPlace.model_fields}
    place = CheckoutPlace.model_validate(given)
    asked = _open_store(place.store, place.postal_code)
    made: list[str] = []

    def effect(form: CheckoutForm, now: datetime) -> None:
        act = Act(f"merchant:{asked.store.merchant_id}", now, now)
        made[:] = [service.order(customer_order(place, form), act=act)]

    failed = submit(CheckoutForm, effect)
    if failed:
        return checkout_page(asked, place, place.token, failed), 422
    return ordered_page(asked, made[0])


def customer_order(place: CheckoutPlace, form: CheckoutForm) -> CustomerOrder:
    """Return what the service takes."""
    return CustomerOrder(
        store_id=place.store,
        token=place.token,
        shop_ref=place.ref,
        name=form.person_name,
        phone=form.phone,
        street=form.street,
        unit=form.apartment,
        city=form.city,
        postal_code=place.postal_code,
        instructions=form.instructions,
        shown_until=datetime.fromtimestamp(int(place.shown_until), UTC),
        price_minor=int(place.price),
    )


def ordered_page(asked: Asked, delivery_id: str) -> str:
    """Render what was ordered, with the link to watch it."""
    row = deliveries.delivery(delivery_id)
    if row is None:
        raise DomainError("not_found")
    keys = current_app.extensions["mallrun_keys"]
    return render_template(
        "promise/ordered.html",
        store=asked.store,
        window=reader().window(asked, Span(row.window_from, row.told_until)),
        link=f"/t/{tracking_token(row, keys.mac('tracking'))}",
    )
