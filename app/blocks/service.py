"""Opening blocks, taking and giving back places, and paying what is missing to the guarantee."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, update

from app.accounts import people
from app.accounts import queries as accounts
from app.blocks import queries
from app.blocks.models import Block, BlockLine, BlockPlace
from app.domain.act import Act
from app.domain.block import Hours, counted_s, guarantee, is_reasonable
from app.domain.errors import DomainError
from app.domain.pay import PayKind
from app.domain.run import RunStatus
from app.domain.site import SiteKind, may_work
from app.jobs.queue import enqueue
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, session
from app.runs import queries as runs
from app.sites import queries as sites

SETTLE: Final = "settle_block"

_BLOCK: Final = table_of(Block)
#: The row count is the judge, as with a run: of two who want the last place, one has it.
_TAKE_PLACE: Final = (
    update(_BLOCK)
    .where(
        _BLOCK.c.id == bindparam("wanted"),
        _BLOCK.c.taken < _BLOCK.c.places,
        _BLOCK.c.closed_at.is_(None),
        _BLOCK.c.starts_at > bindparam("at"),
    )
    .values(taken=_BLOCK.c.taken + 1)
    .returning(_BLOCK.c.id)
)
_GIVE_PLACE: Final = (
    update(_BLOCK)
    .where(_BLOCK.c.id == bindparam("wanted"), _BLOCK.c.return_until > bindparam("at"))
    .values(taken=_BLOCK.c.taken - 1)
    .returning(_BLOCK.c.id)
)


@dataclass(frozen=True, slots=True)
class NewBlock:
    """What a dispatcher opens.

    Attributes:
        hours: When.
        places: For how many drivers.
        hourly_minor: Guaranteed for an hour on duty.
        return_before: So long before the begin a place may be given back.
    """

    hours: Hours
    places: int
    hourly_minor: int
    return_before: timedelta


def open_block(site_id: str, new: NewBlock, *, act: Act) -> str:
    """Open a block for drivers and return its id.

    Raises:
        DomainError: `not_found` (site), `block_past`, `block_too_long`.
    """
    site = sites.site(site_id)
    if site is None:
        raise DomainError("not_found")
    if new.hours.starts_at <= act.now:
        raise DomainError("block_past")
    if not is_reasonable(new.hours):
        raise DomainError("block_too_long")
    row = Block(
        id=new_id("blk"),
        site_id=site_id,
        starts_at=new.hours.starts_at,
        ends_at=new.hours.ends_at,
        places=new.places,
        taken=0,
        hourly_minor=new.hourly_minor,
        currency=site.currency,
        return_until=new.hours.starts_at - new.return_before,
        created_at=act.now,
        created_by=act.actor,
    )
    session().add(row)
    session().flush()
    return row.id


def close_block(block_id: str, *, reason: str, act: Act) -> None:
    """Let nobody else take a place; who has one keeps it.

    Raises:
        DomainError: `not_found`.
    """
    row = queries.block(block_id)
    if row is None:
        raise DomainError("not_found")
    if row.closed_at is None:
        row.closed_at, row.closed_by, row.close_reason = act.now, act.actor, reason
        session().flush()


def take(block_id: str, *, driver_id: str, act: Act) -> None:
    """Give a driver a place in a block: of all who want the last one, exactly one has it.

    Taking it twice is answered as if it were once. The driver is locked first, so that he cannot
    take two blocks of the same hours at once.

    Raises:
        DomainError: `not_found`, `driver_not_approved`, `hub_drivers_only`, `block_overlaps`,
            `block_full`, `block_past`.
    """
    driver = people.lock_driver(driver_id)
    row = queries.block(block_id)
    if row is None:
        raise DomainError("not_found")
    if not driver.is_approved:
        raise DomainError("driver_not_approved")
    site = sites.site(row.site_id)
    if site is None or not may_work(driver.hub_id, site.id, SiteKind(site.kind)):
        raise DomainError("hub_drivers_only")
    mine = queries.blocks_of_driver(driver_id, since=act.now)
    if block_id in {each.id for each in mine}:
        return
    if any(queries.hours_of(each).overlaps(queries.hours_of(row)) for each in mine):
        raise DomainError("block_overlaps")
    if execute(_TAKE_PLACE, {"wanted": block_id, "at": act.now}).first() is None:
        raise DomainError("block_past" if row.starts_at <= act.now else "block_full")
    session().expire(row)
    session().add(
        BlockPlace(id=new_id("plc"), block_id=block_id, driver_id=driver_id, taken_at=act.now)
    )
    session().flush()


def give_back(block_id: str, *, driver_id: str, act: Act) -> None:
    """Take a driver's place back, which somebody else may then take.

    Without a place nothing happens: a retry is no second step.

    Raises:
        DomainError: `not_found`, `block_return_late`.
    """
    people.lock_driver(driver_id)
    row, place = queries.block(block_id), queries.place_of(block_id, driver_id)
    if row is None:
        raise DomainError("not_found")
    if place is None:
        return
    if execute(_GIVE_PLACE, {"wanted": block_id, "at": act.now}).first() is None:
        raise DomainError("block_return_late")
    session().expire(row)
    place.returned_at = act.now
    session().flush()


def ask_for_settlements(*, now: datetime) -> int:
    """Ask to settle every place whose block is over, each in a job of its own."""
    place_ids = queries.unsettled_places(now=now)
    for place_id in place_ids:
        enqueue(SETTLE, {"place_id": place_id}, key=f"{SETTLE}:{place_id}", run_at=now, now=now)
    return len(place_ids)


def settle(place_id: str, *, now: datetime) -> bool:
    """Pay what is missing to a block's guarantee, once; tell whether it is settled now.

    While a run that was claimed in the block is under way, it is too early: the next look comes.
    """
    place = queries.place(place_id, lock=True)
    row = queries.block(place.block_id) if place is not None else None
    if place is None or row is None or row.ends_at > now:
        return False
    if place.settled_at is not None or place.returned_at is not None:
        return True
    earned_minor = _earned(place.driver_id, row)
    if earned_minor is None:
        return False
    hours = queries.hours_of(row)
    spans = accounts.duty_spans(place.driver_id, row.site_id, within=hours, now=now)
    due = guarantee(row.hourly_minor, counted_s(hours, spans), earned_minor)
    if due.amount_minor:
        session().add(
            BlockLine(
                id=new_id("bln"),
                place_id=place.id,
                driver_id=place.driver_id,
                amount_minor=due.amount_minor,
                earned_minor=due.earned_minor,
                guaranteed_minor=due.guaranteed_minor,
                counted_s=due.counted_s,
                currency=row.currency,
                created_at=now,
            )
        )
    place.settled_at = now
    session().flush()
    return True


def _earned(driver_id: str, block: Block) -> int | None:
    """Return what the runs claimed in a block paid without tips; None while one is under way."""
    claimed = runs.claimed_at_site(
        driver_id, block.site_id, since=block.starts_at, until=block.ends_at
    )
    if any(run.status != RunStatus.FINISHED.value for run in claimed):
        return None
    pay = runs.pay_lines([run.id for run in claimed])
    return sum(
        line.amount_minor
        for lines in pay.values()
        for line in lines
        if line.kind != PayKind.TIP.value
    )
