"""Promises as shop pages get them: for programs, and in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from babel import Locale
from babel.numbers import format_currency

from app.domain.promise import Answer, Promise
from app.domain.tracking_answer import Span
from app.promise.queries import Asked
from app.web.formats import iso
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.times import Times

_MINUTE: Final = timedelta(minutes=1)
_MINOR_PER_MAJOR: Final = 100
#: What is said when an order does not come today: what is so, and what to do now.
REASONS: Final = {
    Answer.POSTAL_CODE_UNKNOWN: (
        N_("We do not know this postal code."),
        N_("Check it, or order for another day."),
    ),
    Answer.TOO_FAR: (
        N_("This is too far from the store for delivery today."),
        N_("Order for another day, or ask for another store."),
    ),
    Answer.NOT_FROM_HERE: (
        N_("This place does not deliver on the day of the order."),
        N_("Order for another day."),
    ),
    Answer.CLOSED_TODAY: (N_("The store is closed today."), N_("Order for another day.")),
    Answer.TOO_LATE: (
        N_("It is too late for delivery today."),
        N_("Order for another day."),
    ),
    Answer.NO_DRIVER: (
        N_("No driver is free for delivery today right now."),
        N_("Look again in some minutes, or order for another day."),
    ),
    Answer.TOO_BUSY: (
        N_("There are too many orders for delivery today right now."),
        N_("Look again in some minutes, or order for another day."),
    ),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom: when, and in which language; the site's zone decides what the clock says."""

    now: datetime
    language: str

    @property
    def locale(self) -> Locale:
        """The language in its American form."""
        return Locale.parse(f"{self.language}_US")

    def window(self, asked: Asked, span: Span) -> str:
        """Return "4:00–6:00 pm"."""
        return Times(now=self.now, timezone=asked.site.timezone, locale=self.locale).span(span)

    def money(self, amount_minor: int, currency: str) -> str:
        """Return "$7.99"."""
        return format_currency(amount_minor / _MINOR_PER_MAJOR, currency, locale=self.locale)


def spoken_time(minutes: int) -> str:
    """Return "1 h 12 min"."""
    hours, rest = divmod(minutes, 60)
    text = _("{hours} h {minutes} min") if hours else _("{minutes} min")
    return text.format(hours=hours, minutes=rest)


def promise_out(asked: Asked, postal_code: str, said: Promise, reader: Reader) -> dict[str, Any]:
    """Return a promise as JSON; what only a yes has is null otherwise."""
    answer: dict[str, Any] = {
        "store": asked.store.id,
        "postal_code": postal_code,
        "lang": reader.language,
        "today": said.answer is Answer.TODAY,
        "code": said.answer.value,
        "has_checkout": asked.has_checkout,
        "order_by": None,
        "seconds_left": None,
        "window": None,
        "price": None,
        "title": "",
        "countdown": None,
    }
    if said.plan is None or said.order_by is None:
        text, next_step = REASONS[said.answer]
        return answer | {"text": _(text), "next_step": _(next_step)}
    span = Span(said.plan.window_from, said.plan.window_until)
    window = reader.window(asked, span)
    # Whole minutes, so that answers of one minute are one answer for caches.
    left = (said.order_by - reader.now.replace(second=0, microsecond=0)) // _MINUTE
    within = _("Order within {time}, get it today {window}")
    price = asked.price_minor or 0
    return answer | {
        "order_by": iso(said.order_by),
        "seconds_left": left * 60,
        "window": {
            "from": iso(span.start),
            "until": iso(span.until),
            "text": window,
            "planned_until": iso(said.plan.planned_until),
        },
        "price": {
            "amount_minor": price,
            "currency": asked.site.currency,
            "text": reader.money(price, asked.site.currency),
        },
        "title": _("Get it today"),
        "text": within.format(time=spoken_time(left), window=window),
        "next_step": "",
        # For the script, whose clock goes on.
        "countdown": {
            "text": within.replace("{window}", window),
            "hours": _("{hours} h {minutes} min"),
            "minutes": _("{minutes} min"),
        },
    }


def available_out(asked: Asked, said: Promise, quantity: int, reader: Reader) -> dict[str, Any]:
    """Return a store that has a product today."""
    if said.plan is None:
        message = "only promises for today are shown"
        raise ValueError(message)
    span = Span(said.plan.window_from, said.plan.window_until)
    return {
        "store": asked.store.id,
        "name": asked.store.name,
        "quantity": quantity,
        "order_by": iso(said.order_by or reader.now),
        "window": {
            "from": iso(span.start),
            "until": iso(span.until),
            "text": reader.window(asked, span),
            "planned_until": iso(said.plan.planned_until),
        },
    }
