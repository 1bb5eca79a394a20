"""What the merchant owes, month by month, on the page and as a table."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import Response
from flask.typing import ResponseReturnValue

from app import clock
from app.deliveries import invoicing, overview
from app.deliveries.invoicing import InvoiceLine
from app.domain.errors import DomainError
from app.sites.queries import Site
from app.web.console.day import DELIVERY_WORDS, DeliveryStatus
from app.web.console.present import times_of
from app.web.formats import iso, spoken_money
from app.web.language import chosen_locale
from app.web.limits import limited
from app.web.merchant.day_routes import home_site
from app.web.merchant.frame import merchant, page
from app.web.merchant.scope import me
from app.web.spreadsheet import amount_cell, csv_response, text_cell
from app.web.texts import gettext as _

MONTHS_SHOWN: Final = 12
_LINES_SHOWN: Final = 500
_FORM: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Month:
    """A month by the clock of the merchant's first store."""

    year: int
    month: int
    zone: ZoneInfo

    @property
    def name(self) -> str:
        """`2026-11`, as addresses say it."""
        return f"{self.year}-{self.month:02d}"

    @property
    def words(self) -> str:
        """November 2026, in the reader's language."""
        return format_skeleton("yMMMM", self.begins, locale=chosen_locale())

    @property
    def begins(self) -> datetime:
        """Its first midnight."""
        return datetime(self.year, self.month, 1, tzinfo=self.zone)

    def before(self, months: int) -> "Month":
        """Return the month so many before this one; below zero for later ones."""
        number = self.year * 12 + self.month - 1 - months
        return Month(number // 12, number % 12 + 1, self.zone)


def _site() -> Site:
    site = home_site(me().merchant_id)
    if site is None:
        raise DomainError("not_found")
    return site


def _month(name: str, site: Site) -> Month:
    found = _FORM.fullmatch(name)
    if found is None:
        raise DomainError("not_found")
    return Month(int(found[1]), int(found[2]), ZoneInfo(site.timezone))


def _lines(month: Month) -> list[InvoiceLine]:
    until = month.before(-1).begins
    return invoicing.lines(me().merchant_id, since=month.begins, until=until)


@merchant.get("/invoices")
@limited("page")
def invoices() -> ResponseReturnValue:
    site = home_site(me().merchant_id)
    if site is None:
        return page("invoices", months=())
    now = clock.now().astimezone(ZoneInfo(site.timezone))
    this = Month(now.year, now.month, ZoneInfo(site.timezone))
    first = overview.first_end(me().merchant_id) or now
    months = [this.before(back) for back in range(MONTHS_SHOWN)]
    # Months before the first delivery have nothing to say.
    shown = [each for each in months if each.before(-1).begins > first]
    return page("invoices", months=shown, this=this)


@merchant.get("/invoices/<name>")
@limited("page")
def invoice(name: str) -> ResponseReturnValue:
    site = _site()
    month, times = _month(name, site), times_of(site, now=clock.now())
    lines = _lines(month)
    rows = [
        {
            "id": each.delivery.id,
            "ref": each.delivery.merchant_ref or each.delivery.id,
            "ended": times.day(each.delivery.ended_at or each.delivery.created_at),
            "status": _(DELIVERY_WORDS[DeliveryStatus(each.delivery.status)]),
            "due": spoken_money(each.due_minor, site.currency),
        }
        for each in lines[:_LINES_SHOWN]
    ]
    total = spoken_money(sum(each.due_minor for each in lines), site.currency)
    return page("invoice", month=month, rows=rows, count=len(lines), total=total)


@merchant.get("/invoices/<name>.csv")
@limited("page")
def export_invoice(name: str) -> Response:
    site = _site()
    month = _month(name, site)
    head = ("delivery", "order", "ended", "status", "price", "due", "currency")
    rows = [
        (
            each.delivery.id,
            text_cell(each.delivery.merchant_ref or ""),
            iso(each.delivery.ended_at or each.delivery.created_at),
            each.delivery.status,
            amount_cell(each.delivery.price_minor or 0),
            amount_cell(each.due_minor),
            site.currency,
        )
        for each in _lines(month)
    ]
    return csv_response(f"mallrun-{month.name}.csv", [head, *rows])
