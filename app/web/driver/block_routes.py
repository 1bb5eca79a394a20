"""Blocks in the driver app: what is open, what is his, taking a place and giving it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue

from app import clock
from app.blocks import queries as blocks
from app.blocks import service
from app.blocks.queries import Block
from app.domain.act import Act
from app.domain.block import least_minor
from app.sites import queries as sites
from app.sites.queries import Site
from app.web.driver.routes import command, driver, me
from app.web.formats import iso, money
from app.web.limits import limited
from app.web.validation import Command, parse_body

#: A block that is over stays in the list for a while: its pay may still come.
SHOWN_AFTER: Final = timedelta(days=1)

Json = dict[str, Any]


@driver.get("/api/blocks")
@limited("state")
def blocks_for_me() -> ResponseReturnValue:
    return jsonify(blocks_of(me(), now=clock.now()))


@driver.post("/api/blocks/<block_id>/take")
@limited("claim")
def take_block(block_id: str) -> ResponseReturnValue:
    body = parse_body(Command)

    def effect(act: Act) -> None:
        service.take(block_id, driver_id=me(), act=act)

    return command(body, f"take_block {block_id}", effect)


@driver.post("/api/blocks/<block_id>/return")
@limited("command")
def return_block(block_id: str) -> ResponseReturnValue:
    body = parse_body(Command)

    def effect(act: Act) -> None:
        service.give_back(block_id, driver_id=me(), act=act)

    return command(body, f"return_block {block_id}", effect)


def blocks_of(person_id: str, *, now: datetime) -> Json:
    """Return a driver's blocks and those that are open to him. Three queries."""
    mine = blocks.blocks_of_driver(person_id, since=now - SHOWN_AFTER)
    known = {site.id: site for site in sites.all_sites()}
    taken = {row.id for row in mine}
    return {
        "mine": [_block(row, known, now) for row in mine],
        "open": [
            _block(row, known, now) for row in blocks.open_blocks(now=now) if row.id not in taken
        ],
    }


def _block(row: Block, known: Mapping[str, Site], now: datetime) -> Json:
    site = known[row.site_id]
    hours = blocks.hours_of(row)
    return {
        "id": row.id,
        "site": {"id": site.id, "name": site.name, "city": site.city, "timezone": site.timezone},
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "seconds": hours.seconds,
        "places_left": row.places - row.taken,
        "hourly": money(row.hourly_minor, row.currency),
        "least": money(least_minor(row.hourly_minor, hours.seconds), row.currency),
        "return_until": iso(row.return_until),
        "may_return": row.return_until > now,
    }
