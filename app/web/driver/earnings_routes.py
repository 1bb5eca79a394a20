"""Earnings in the driver app: a week, one run, and a file for a spreadsheet."""

import re
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.earnings import Span
from app.domain.errors import DomainError
from app.web.driver import earnings
from app.web.driver.routes import driver, me
from app.web.limits import limited
from app.web.spreadsheet import csv_response

#: A year and a bit: for the tax return.
EXPORT_DAYS_MAX: Final = 400
_ZONE_NAME: Final = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}")
_YEARS: Final = range(2000, 2100)


@driver.get("/api/earnings")
@limited("state")
def earnings_of_week() -> ResponseReturnValue:
    zone = _zone()
    week = Span.week_of(_day("on", clock.now().astimezone(zone).date()), zone)
    return jsonify(earnings.week_of(me(), week, now=clock.now()))


@driver.get("/api/earnings/<run_id>")
@limited("state")
def earned_run(run_id: str) -> ResponseReturnValue:
    return jsonify(earnings.run_of(me(), run_id))


@driver.get("/api/earnings.csv")
@limited("page")
def export_earnings() -> ResponseReturnValue:
    zone = _zone()
    last_on = _day("last_on", clock.now().astimezone(zone).date())
    first_on = _day("first_on", last_on - timedelta(days=EXPORT_DAYS_MAX - 1))
    if not 0 <= (last_on - first_on).days < EXPORT_DAYS_MAX:
        raise DomainError("invalid_input")
    name = f"earnings-{first_on.isoformat()}-{last_on.isoformat()}.csv"
    return csv_response(name, earnings.table_of(me(), Span(first_on, last_on, zone)))


def _zone() -> ZoneInfo:
    """Return the time zone that the phone names; a name that nobody knows is refused."""
    name = request.args.get("timezone", "UTC")
    if not _ZONE_NAME.fullmatch(name):
        raise DomainError("invalid_input")
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError) as error:
        raise DomainError("invalid_input") from error


def _day(name: str, default: date) -> date:
    given = request.args.get(name)
    if given is None:
        return default
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise DomainError("invalid_input") from error
    if day.year not in _YEARS:
        raise DomainError("invalid_input")
    return day
