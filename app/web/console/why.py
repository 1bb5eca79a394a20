"""Why an order is in its run, and what a change of runs costs, in words with figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.deliveries import queries as deliveries
from app.domain.run import HELD, RunStatus
from app.domain.shaping import RunCost, Why
from app.domain.tracking_answer import Span
from app.runs import queries as runs
from app.runs import shaping
from app.runs.queries import Run
from app.sites import queries as sites
from app.web.console.day import DeliveryRow, delivery_rows
from app.web.console.present import times_of
from app.web.formats import spoken_money, uses_miles
from app.web.texts import gettext as _
from app.web.texts import ngettext
from app.web.times import Times

_METRES_PER_MILE = 1_609.344


@dataclass(frozen=True, slots=True)
class WhyRow:
    """One order: whose it is, why it is here, and what it costs here and alone."""

    delivery_id: str
    order: str
    because: str
    here: str
    alone: str
    is_cheaper_here: bool


def why_rows(run: Run, *, now: datetime) -> list[WhyRow]:
    """Return for each order of a run why it is there. A fixed number of queries."""
    site = sites.site(run.site_id)
    if site is None:
        return []
    times = times_of(site, now=now)
    rows = {
        row.id: row for row in delivery_rows(deliveries.deliveries_of_run(run.id), times, now=now)
    }
    return [
        WhyRow(
            delivery_id=each.delivery_id,
            order=order_words(rows[each.delivery_id]),
            because=_because(each, rows, times),
            here=cost_words(each.here, run.currency, is_more=True),
            alone=cost_words(each.alone, run.currency),
            is_cheaper_here=each.here.duration_s < each.alone.duration_s,
        )
        for each in shaping.why(run, now=now)
    ]


def why_row(run_id: str | None, delivery_id: str, *, now: datetime) -> WhyRow | None:
    """Return why one order is in its run; None in no run, or in one that is over."""
    run = runs.run(run_id) if run_id is not None else None
    if run is None or RunStatus(run.status) not in HELD | {RunStatus.OFFERED}:
        return None
    found = (each for each in why_rows(run, now=now) if each.delivery_id == delivery_id)
    return next(found, None)


def order_words(row: DeliveryRow) -> str:
    """Return "Lumen to Cleo, Chandler"."""
    return _("{store} to {recipient}").format(store=row.store, recipient=row.recipient)


def _because(why: Why, rows: Mapping[str, DeliveryRow], times: Times) -> str:
    if len(rows) < 2 or why.nearest_door_m is None:
        return _("It is the only order of this run.")
    parts = [_("Same place")]
    if why.same_store:
        text = ngettext("same counter as {n} other", "same counter as {n} others", why.same_store)
        parts.append(text.format(n=why.same_store))
    if why.shared_window is not None:
        span = times.span(Span(*why.shared_window))
        parts.append(_("all windows share {span}").format(span=span))
    else:
        parts.append(_("the windows share nothing"))
    parts.append(_("nearest door {distance} away").format(distance=_distance(why.nearest_door_m)))
    return ", ".join(parts)


def cost_words(cost: RunCost, currency: str, *, is_more: bool = False) -> str:
    """Return "35 min, 4.2 mi, $12.04, nobody late", or with signs what it is more."""
    minutes = round(cost.duration_s / 60)
    sign = "+" if is_more else ""
    parts = [
        _("{n} min").format(n=f"{minutes:{sign}}"),
        f"{'+' if is_more and cost.distance_m >= 0 else ''}{_distance(cost.distance_m)}",
        f"{'+' if is_more and cost.pay_minor >= 0 else ''}{spoken_money(cost.pay_minor, currency)}",
    ]
    late = round(cost.late_s / 60)
    if late:
        parts.append(_("{n} min late").format(n=f"{late:{sign}}"))
    elif not is_more:
        parts.append(_("nobody late"))
    return ", ".join(parts)


def change_lines(change: shaping.Change, currency: str) -> tuple[str, ...]:
    """Return what a change of runs costs: the difference first, then both sides."""
    difference = cost_words(change.after.less(change.before), currency, is_more=True)
    return (
        _("It costs {difference}.").format(difference=difference),
        _("As it is: {cost}.").format(cost=cost_words(change.before, currency)),
        _("Afterwards: {cost}.").format(cost=cost_words(change.after, currency)),
    )


def _distance(metres: int) -> str:
    if uses_miles():
        return _("{n} mi").format(n=f"{metres / _METRES_PER_MILE:.1f}")
    return _("{n} km").format(n=f"{metres / 1_000:.1f}")
