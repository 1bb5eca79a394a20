"""Blocks in the driver app: what is open, what is his, taking a place and giving it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import queries as accounts
from app.accounts.queries import Driver
from app.blocks import queries as blocks
from app.blocks import service
from app.blocks.queries import Block
from app.domain.act import Act
from app.domain.block import least_minor, places_near
from app.domain.errors import DomainError
from app.domain.geo import Point
from app.domain.site import SiteKind, may_work
from app.runs import queries as runs
from app.sites import queries as sites
from app.sites.queries import Site
from app.web.driver import whereabouts
from app.web.driver.routes import command, driver, me
from app.web.formats import iso, money
from app.web.limits import limited
from app.web.validation import Command, parse_body

#: A block that is over stays in the list for a while: its pay may still come.
SHOWN_AFTER: Final = timedelta(days=1)
#: Nearer than this the distance says nothing.
_AWAY_STEP_M: Final = 100

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
    """Return a driver's blocks, and those open to him at the nearest places. Five queries."""
    mine = blocks.blocks_of_driver(person_id, since=now - SHOWN_AFTER)
    known = {site.id: site for site in sites.all_sites()}
    driver = accounts.driver(person_id)
    if driver is None:
        raise DomainError("not_found")
    places = {
        site.id: Point(site.lat, site.lon)
        for site in known.values()
        if may_work(driver.hub_id, site.id, SiteKind(site.kind))
    }
    near = places_near(places, _here(driver, known, now))
    taken = {row.id for row in mine}
    open_there = blocks.open_blocks(list(near), now=now)
    shown = [
        _block(row, known[site_id], near[site_id], now)
        for site_id in near
        for row in open_there[site_id]
        if row.id not in taken
    ]
    if None in near.values():
        shown.sort(key=lambda each: each["starts_at"])
    own = [_block(row, known[row.site_id], None, now, is_mine=True) for row in mine]
    return {"mine": own, "open": shown}


def _here(driver: Driver, known: Mapping[str, Site], now: datetime) -> Point | None:
    """Return where a driver is; off duty where he works, or drove last."""
    here = whereabouts.last_known(driver.person_id, now=now)
    if here is not None:
        return here
    site_id = driver.duty_site_id or driver.hub_id or runs.last_site(driver.person_id)
    site = known.get(site_id or "")
    return Point(site.lat, site.lon) if site is not None else None


def _block(
    row: Block, site: Site, away_m: int | None, now: datetime, *, is_mine: bool = False
) -> Json:
    hours = blocks.hours_of(row)
    return {
        "id": row.id,
        "site": {"id": site.id, "name": site.name, "city": site.city, "timezone": site.timezone},
        "away_m": None if away_m is None else round(away_m / _AWAY_STEP_M) * _AWAY_STEP_M,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "seconds": hours.seconds,
        "places_left": row.places - row.taken,
        "hourly": money(row.hourly_minor, row.currency),
        "least": money(least_minor(row.hourly_minor, hours.seconds), row.currency),
        "return_until": iso(row.return_until),
        "may_return": row.return_until > now,
        "dispatcher_phone": site.dispatcher_phone if is_mine else None,
    }
