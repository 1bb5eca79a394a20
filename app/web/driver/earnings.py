"""What a driver earned: a week by days, one run with its stops, and the lines as a table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.blocks import queries as blocks
from app.blocks.queries import PaidBlock
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.area import area_label
from app.domain.earnings import Span
from app.domain.errors import DomainError
from app.domain.geo import Point
from app.domain.run import RunStatus, StopKind
from app.runs import queries as runs
from app.runs.queries import PayLineRow, Run, Stop
from app.sites import queries as sites
from app.sites.queries import Site
from app.web.driver.pay import finished_json, pay_json
from app.web.formats import iso, iso_or_none, money, pay_facts, spoken_area, spoken_money
from app.web.spreadsheet import amount_cell, text_cell
from app.web.texts import gettext as _

#: More than anybody drives in the longest span.
RUNS_MAX: Final = 10_000
_CURRENCY: Final = "USD"

Json = dict[str, Any]


def week_of(person_id: str, week: Span, *, now: datetime) -> Json:
    """Return a driver's finished runs of a week by day, newest first, with sums."""
    rows = runs.finished_runs(person_id, since=week.since, until=week.until, limit=RUNS_MAX)
    finished = finished_json(rows)
    day_of = {row.id: week.day_of(row.finished_at or now) for row in rows}
    paid = _guarantees(person_id, week)
    paid_on = {each["id"]: week.day_of(each.pop("at")) for each in paid}
    following = week.last_on + timedelta(days=1)
    return {
        "first_on": week.first_on.isoformat(),
        "last_on": week.last_on.isoformat(),
        "previous_on": (week.first_on - timedelta(days=1)).isoformat(),
        "next_on": following.isoformat() if following <= week.day_of(now) else None,
        "total": _total([*finished, *paid]),
        "days": [
            {"on": day.isoformat(), "total": _total([*of_day, *lifted]), "runs": of_day}
            | {"blocks": lifted}
            for day, of_day, lifted in _by_day(finished, day_of, paid, paid_on)
        ],
    }


def _guarantees(person_id: str, span: Span) -> list[Json]:
    """Return what lifted pay to the guarantee of blocks, newest first."""
    found = blocks.paid_blocks(person_id, since=span.since, until=span.until)
    names = sites.names_by_id({paid.block.site_id for paid in found})
    return [
        {
            "id": paid.line.id,
            "at": paid.block.ends_at,
            "site_name": names.get(paid.block.site_id, ""),
            "starts_at": iso(paid.block.starts_at),
            "ends_at": iso(paid.block.ends_at),
            "seconds": paid.line.counted_s,
            "earned": money(paid.line.earned_minor, paid.line.currency),
            "guaranteed": money(paid.line.guaranteed_minor, paid.line.currency),
            "pay_total": money(paid.line.amount_minor, paid.line.currency),
        }
        for paid in found
    ]


def _by_day(
    finished: Sequence[Json],
    day_of: Mapping[str, date],
    paid: Sequence[Json],
    paid_on: Mapping[str, date],
) -> Iterator[tuple[date, list[Json], list[Json]]]:
    """Yield the days with something earned, newest first, with their runs and guarantees."""
    for day in sorted({*day_of.values(), *paid_on.values()}, reverse=True):
        yield (
            day,
            [each for each in finished if day_of[each["id"]] == day],
            [each for each in paid if paid_on[each["id"]] == day],
        )


def _total(earned: Sequence[Json]) -> Json:
    currency = earned[0]["pay_total"]["currency"] if earned else _CURRENCY
    return money(sum(each["pay_total"]["amount_minor"] for each in earned), currency)


def run_of(person_id: str, run_id: str) -> Json:
    """Return a driver's finished run: its stops, and its lines, each with the stop it is for.

    Doors are named by their area only: a street leaves the app when its door is done.

    Raises:
        DomainError: `not_found` when it is not his, or not finished.
    """
    run = runs.run(run_id)
    if run is None or run.driver_id != person_id or run.status != RunStatus.FINISHED.value:
        raise DomainError("not_found")
    site = sites.site(run.site_id)
    carried = {row.id: row for row in deliveries.deliveries_of_run(run_id)}
    stops = runs.stops_of_run(run_id)
    stores = sites.stores_by_id({stop.store_id for stop in stops if stop.store_id is not None})
    (finished,) = finished_json([run])
    lines = runs.pay_lines([run_id])[run_id]
    number_of = {key: stop.number for stop in stops for key in (stop.id, stop.delivery_id) if key}
    pay = [
        line_json | {"stop_seq": number_of.get(line.ref)}
        for line_json, line in zip(pay_json(lines, run.currency)["pay"], lines, strict=True)
    ]
    return finished | {
        "pay": pay,
        "claimed_at": iso_or_none(run.claimed_at),
        "distance_m": run.distance_m,
        "stops": [
            {
                "seq": stop.number,
                "kind": stop.kind,
                "status": stop.status,
                "place": stores[stop.store_id].name
                if stop.store_id is not None
                else _area(stop, carried, site),
                "arrived_at": iso_or_none(stop.arrived_at),
                "done_at": iso_or_none(stop.done_at),
            }
            for stop in stops
        ],
    }


def _area(stop: Stop, carried: Mapping[str, Delivery], site: Site | None) -> str | None:
    """Return the area of a door; None when the delivery went to another driver."""
    row = carried.get(stop.delivery_id or "")
    if row is None or site is None or stop.kind != StopKind.DROPOFF.value:
        return None
    centre = Point(site.lat, site.lon)
    return spoken_area(area_label(row.postal_code, Point(row.lat, row.lon), centre))


HEADING: Final = ("date", "time", "run", "site", "line", "facts", "amount", "currency")


def table_of(person_id: str, span: Span) -> Iterator[Sequence[str]]:
    """Yield the heading and a row for each line of pay of a span, oldest run first."""
    yield HEADING
    rows = runs.finished_runs(person_id, since=span.since, until=span.until, limit=RUNS_MAX)
    pay = runs.pay_lines([row.id for row in rows])
    paid_blocks = blocks.paid_blocks(person_id, since=span.since, until=span.until)
    names = sites.names_by_id(
        {run.site_id for run in rows} | {paid.block.site_id for paid in paid_blocks}
    )
    for run in reversed(rows):
        for line in pay[run.id]:
            yield _row(run, line, names.get(run.site_id, ""), span)
    for paid in reversed(paid_blocks):
        yield _block_row(paid, names.get(paid.block.site_id, ""), span)


def _block_row(paid: PaidBlock, site_name: str, span: Span) -> Sequence[str]:
    ended_at = paid.block.ends_at.astimezone(span.zone)
    facts = _("Block, up to {guaranteed} for {count} min, earned {earned}").format(
        guaranteed=spoken_money(paid.line.guaranteed_minor, paid.line.currency),
        earned=spoken_money(paid.line.earned_minor, paid.line.currency),
        count=paid.line.counted_s // 60,
    )
    return (
        ended_at.strftime("%Y-%m-%d"),
        ended_at.strftime("%H:%M"),
        paid.block.id,
        text_cell(site_name),
        "block_guarantee",
        text_cell(facts),
        amount_cell(paid.line.amount_minor),
        paid.line.currency,
    )


def _row(run: Run, line: PayLineRow, site_name: str, span: Span) -> Sequence[str]:
    finished_at = (run.finished_at or run.created_at).astimezone(span.zone)
    facts = pay_facts(line.kind, line.quantity, line.unit_minor, run.currency)
    return (
        finished_at.strftime("%Y-%m-%d"),
        finished_at.strftime("%H:%M"),
        run.id,
        text_cell(site_name),
        line.kind,
        text_cell(facts),
        amount_cell(line.amount_minor),
        run.currency,
    )
