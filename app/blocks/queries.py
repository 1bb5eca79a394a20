"""Reading blocks, their places and what was paid for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from app.blocks.models import Block, BlockLine, BlockPlace
from app.domain.block import Hours
from app.persistence.base import table_of
from app.persistence.transaction import execute, session

#: A driver or dispatcher reads through so many at most.
BLOCKS_MAX: Final = 100
#: Of those that are open, a driver reads through so many of one place.
OPEN_MAX: Final = 20
_BLOCK: Final = table_of(Block)
_PLACE: Final = table_of(BlockPlace)
_DRIVING: Final = (
    select(_PLACE.c.driver_id)
    .join(_BLOCK, _BLOCK.c.id == _PLACE.c.block_id)
    .where(
        _PLACE.c.driver_id.in_(bindparam("of_drivers", expanding=True)),
        _PLACE.c.returned_at.is_(None),
        _BLOCK.c.site_id == bindparam("at_site"),
        _BLOCK.c.starts_at <= bindparam("at"),
        _BLOCK.c.ends_at > bindparam("at"),
    )
)


@dataclass(frozen=True, slots=True)
class PaidBlock:
    """A guarantee that was paid, with the block that it is for."""

    line: BlockLine
    block: Block


def hours_of(block: Block) -> Hours:
    """Return a block's hours."""
    return Hours(block.starts_at, block.ends_at)


def block(block_id: str) -> Block | None:
    """Return a block, or None."""
    return session().get(Block, block_id)


def place(place_id: str, *, lock: bool = False) -> BlockPlace | None:
    """Return a place, or None. `lock` makes other writers of it wait."""
    return session().get(BlockPlace, place_id, with_for_update=lock or None)


def drivers_in_block(driver_ids: Collection[str], site_id: str, *, now: datetime) -> frozenset[str]:
    """Return which of these drivers drive a block at a site now. One query."""
    asked = {"of_drivers": list(driver_ids), "at_site": site_id, "at": now}
    return frozenset(row[0] for row in execute(_DRIVING, asked))


def blocks_of_site(site_id: str, *, since: datetime) -> Sequence[Block]:
    """Return a site's blocks that end after an instant, the next first."""
    query = (
        select(Block)
        .where(Block.site_id == site_id, Block.ends_at > since)
        .order_by(Block.starts_at, Block.id)
        .limit(BLOCKS_MAX)
    )
    return session().scalars(query).all()


def open_blocks(site_ids: Collection[str], *, now: datetime) -> dict[str, list[Block]]:
    """Return `{site_id: blocks that begin later}`, full ones too, the next first. One query.

    Of each site as many as one reads through: a place with hundreds hides no other.
    """
    number = func.row_number().over(
        partition_by=Block.site_id, order_by=(Block.starts_at, Block.id)
    )
    later = (
        select(Block.id, number.label("number"))
        .where(
            Block.site_id.in_(site_ids),
            # What begins later ends later: that is what the index is by.
            Block.ends_at > now,
            Block.starts_at > now,
            Block.closed_at.is_(None),
        )
        .subquery()
    )
    query = (
        select(Block)
        .join(later, later.c.id == Block.id)
        .where(later.c.number <= OPEN_MAX)
        .order_by(Block.starts_at, Block.id)
    )
    found: dict[str, list[Block]] = {site_id: [] for site_id in site_ids}
    for row in session().scalars(query):
        found[row.site_id].append(row)
    return found


def places_of_blocks(block_ids: Collection[str]) -> Sequence[BlockPlace]:
    """Return the places of blocks that were not given back, in order of taking. One query."""
    query = (
        select(BlockPlace)
        .where(BlockPlace.block_id.in_(block_ids), BlockPlace.returned_at.is_(None))
        .order_by(BlockPlace.taken_at, BlockPlace.id)
    )
    return session().scalars(query).all()


def place_of(block_id: str, driver_id: str) -> BlockPlace | None:
    """Return a driver's place in a block that was not given back, or None."""
    query = select(BlockPlace).where(
        BlockPlace.block_id == block_id,
        BlockPlace.driver_id == driver_id,
        BlockPlace.returned_at.is_(None),
    )
    return session().scalars(query).first()


def blocks_of_driver(driver_id: str, *, since: datetime) -> Sequence[Block]:
    """Return the blocks in which a driver has a place and that end after an instant."""
    query = (
        select(Block)
        .join(BlockPlace, BlockPlace.block_id == Block.id)
        .where(
            BlockPlace.driver_id == driver_id,
            BlockPlace.returned_at.is_(None),
            Block.ends_at > since,
        )
        .order_by(Block.starts_at, Block.id)
        .limit(BLOCKS_MAX)
    )
    return session().scalars(query).all()


def unsettled_places(*, now: datetime, limit: int = 500) -> Sequence[str]:
    """Return ids of places whose block is over and that nobody has settled."""
    query = (
        select(BlockPlace.id)
        .join(Block, Block.id == BlockPlace.block_id)
        .where(
            BlockPlace.returned_at.is_(None),
            BlockPlace.settled_at.is_(None),
            Block.ends_at <= now,
        )
        .order_by(Block.ends_at)
        .limit(limit)
    )
    return session().scalars(query).all()


def paid_blocks(driver_id: str, *, since: datetime, until: datetime) -> list[PaidBlock]:
    """Return the guarantees paid to a driver for blocks that ended in a span, newest first."""
    query = (
        select(BlockLine, Block)
        .join(BlockPlace, BlockPlace.id == BlockLine.place_id)
        .join(Block, Block.id == BlockPlace.block_id)
        .where(BlockLine.driver_id == driver_id, Block.ends_at >= since, Block.ends_at < until)
        .order_by(Block.ends_at.desc(), BlockLine.id)
    )
    return [PaidBlock(row[0], row[1]) for row in session().execute(query)]
