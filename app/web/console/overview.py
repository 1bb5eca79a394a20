"""The dispatcher's day over all places: what needs a look, and how much goes on where."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.deliveries import trouble as deliveries
from app.deliveries.queries import Delivery
from app.domain.errors import DomainError
from app.domain.tracking_answer import Span
from app.domain.trouble import Trouble, severity
from app.runs import overview as runs
from app.runs.queries import Run
from app.sites import queries as sites
from app.sites.queries import PlaceName, Store
from app.web.console.day import (
    RUN_WORDS,
    RunStatus,
    SiteDay,
    day_of,
    delivery_row,
    first_names,
    hours_unwanted,
    midnight,
    summary_of,
    trouble_of,
    unwanted_text,
)
from app.web.console.finding import named
from app.web.console.present import times_in
from app.web.texts import gettext as _
from app.web.texts import ngettext
from app.web.times import Times

#: Whoever has more than these to look at begins with the worst.
LOOKS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place: how much goes on there, in words, and how much of it needs a look.

    Attributes:
        troubles: How many deliveries need a human.
        unwanted: How many runs nobody takes though they were raised.
        is_busy: Whether anything is open or needs a look.
    """

    site_id: str
    name: str
    summary: str
    troubles: int
    unwanted: int
    is_busy: bool


@dataclass(frozen=True, slots=True)
class LookRow:
    """One delivery or run that needs a look.

    Attributes:
        address: Of its page.
        title: Whom it is for, or what the run carries.
        detail: Store and order number; empty for a run.
        status: In words, with `tone` as its colour.
        trouble: What is wrong, in words.
        window: When the customers expect it, by the clock of its place.
        site_id: Of its place.
        place: The place's name.
    """

    address: str
    title: str
    detail: str
    status: str
    tone: str
    trouble: str
    window: str
    site_id: str
    place: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The day of all places, or of those that were looked for.

    Attributes:
        looks: What needs a look, worst first; at most `LOOKS_MAX`.
        looks_left: How many more do.
        places_left: At how many places those are.
        busy: Places with something to bring or to look at; all that were found by their name.
        quiet: The others.
        only: The whole day of the place that it comes down to; None for none and for several.
        is_calm: Whether nothing needs a look anywhere.
    """

    looks: tuple[LookRow, ...]
    looks_left: int
    places_left: int
    busy: tuple[PlaceLine, ...]
    quiet: tuple[PlaceLine, ...]
    only: SiteDay | None
    is_calm: bool


def overview_of(places: Sequence[PlaceName], words: str, *, now: datetime) -> Overview:
    """Return the day of all places. At most eleven queries, however many places there are.

    Args:
        places: All of them, by name.
        words: A part of the names that are looked for; empty for the whole day.
        now: The present.
    """
    midnights = {zone: midnight(zone, now) for zone in {place.timezone for place in places}}
    lines = _lines(places, midnights, now=now)
    is_calm = not any(line.troubles or line.unwanted for line in lines)
    if words:
        found = {place.id for place in named(places, words)}
        busy = [line for line in lines if line.site_id in found]
        quiet: list[PlaceLine] = []
    else:
        busy = [line for line in lines if line.is_busy]
        quiet = [line for line in lines if not line.is_busy]
    # One place with work, or one place at all: its day is what the dispatcher is here for.
    alone = busy or quiet
    only = _day(alone[0], now=now) if len(alone) == 1 else None
    if only is not None:
        busy, quiet = [], [line for line in quiet if line.site_id != only.site_id]
    is_listed = not is_calm and not words and only is None
    looks = _looks(places, midnights, now=now) if is_listed else []
    left = _left(lines, looks) if is_listed else Counter[str]()
    return Overview(
        looks=tuple(looks),
        looks_left=left.total(),
        places_left=len(left),
        busy=tuple(sorted(busy, key=lambda line: not (line.troubles or line.unwanted))),
        quiet=tuple(quiet),
        only=only,
        is_calm=is_calm,
    )


def _lines(
    places: Sequence[PlaceName], midnights: Mapping[str, datetime], *, now: datetime
) -> list[PlaceLine]:
    """Return every place with what is counted there. Two queries."""
    by_deliveries = deliveries.amounts(midnights, now=now)
    by_runs = runs.amounts(now=now)
    return [
        _line(
            place,
            by_deliveries.get(place.id, deliveries.NOTHING),
            by_runs.get(place.id, runs.NOTHING),
        )
        for place in places
    ]


def _line(place: PlaceName, amount: deliveries.Amount, run: runs.Amount) -> PlaceLine:
    return PlaceLine(
        site_id=place.id,
        name=place.name,
        summary=summary_of(amount, run),
        troubles=amount.troubled,
        unwanted=run.unwanted,
        is_busy=bool(amount.still_open or amount.troubled or run.under_way or run.offered),
    )


def _day(line: PlaceLine, *, now: datetime) -> SiteDay:
    site = sites.site(line.site_id)
    if site is None:
        raise DomainError("not_found")
    return day_of(site, now=now)


def _left(lines: Sequence[PlaceLine], looks: Sequence[LookRow]) -> Counter[str]:
    """Return by place how much needs a look that is not in the list."""
    every = Counter({line.site_id: line.troubles + line.unwanted for line in lines})
    return every - Counter(row.site_id for row in looks)


def _looks(
    places: Sequence[PlaceName], midnights: Mapping[str, datetime], *, now: datetime
) -> list[LookRow]:
    """Return what needs a look, the worst first. Four queries."""
    by_id = {place.id: place for place in places}
    times = {zone: times_in(zone, now=now) for zone in midnights}
    found = deliveries.in_trouble(midnights, now=now, limit=LOOKS_MAX)
    names = first_names(found)
    stores = sites.stores_by_id({row.store_id for row in found})
    ranked: list[tuple[Trouble, LookRow]] = []
    for row in found:
        place = by_id[row.site_id]
        trouble = trouble_of(row, now=now)
        if trouble is not None:
            shown = _delivery_look(
                row, stores[row.store_id], names.get(row.id, ""), place, times[place.timezone]
            )
            ranked.append((trouble, shown))
    for run in runs.unwanted_runs(now=now, limit=LOOKS_MAX):
        place = by_id[run.site_id]
        ranked.append((Trouble.UNWANTED, _run_look(run, place, times[place.timezone])))
    # Sorting keeps the order in which each kind was read: what has been so for longest is first.
    return [row for _trouble, row in sorted(ranked, key=lambda each: severity(each[0]))][:LOOKS_MAX]


def _delivery_look(
    row: Delivery, store: Store, first_name: str, place: PlaceName, times: Times
) -> LookRow:
    words = delivery_row(row, store, first_name, times, now=times.now)
    return LookRow(
        address=f"/console/deliveries/{row.id}",
        title=words.recipient,
        detail=" · ".join(part for part in (words.store, words.merchant_ref) if part),
        status=words.status,
        tone=words.tone,
        trouble=words.trouble,
        window=words.window,
        site_id=place.id,
        place=place.name,
    )


def _run_look(row: Run, place: PlaceName, times: Times) -> LookRow:
    title = ngettext("Run with {n} parcel", "Run with {n} parcels", row.parcel_count)
    return LookRow(
        address=f"/console/runs/{row.id}",
        title=title.format(n=row.parcel_count),
        detail="",
        status=_(RUN_WORDS[RunStatus(row.status)]),
        tone="stop",
        trouble=unwanted_text(hours_unwanted(row, times.now)),
        window=times.dated_span(Span(row.window_from, row.window_until)),
        site_id=place.id,
        place=place.name,
    )
