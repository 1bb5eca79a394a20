"""Blocks at the console: opening hours with places and a guarantee, and who has them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from flask import redirect, request
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator, StringConstraints

from app import clock
from app.accounts import queries as accounts
from app.blocks import queries as blocks
from app.blocks import service
from app.blocks.queries import Block
from app.blocks.service import NewBlock
from app.domain.block import hours_on, least_minor
from app.domain.errors import DomainError
from app.domain.tracking_answer import Span
from app.sites.queries import Site
from app.web.console.asking import Question, ask
from app.web.console.forms import Failed, ReasonForm, submit
from app.web.console.frame import console, page
from app.web.console.present import notice, times_of
from app.web.console.scope import as_me, require_dispatcher
from app.web.console.site_routes import require_site
from app.web.formats import spoken_money
from app.web.limits import limited
from app.web.texts import gettext as _
from app.web.texts import ngettext
from app.web.validation import Body

_SHOWN_SINCE: Final = timedelta(days=7)
_YEARS: Final = range(2000, 2100)
#: The most that anybody guarantees for an hour, in major units.
_HOURLY: Final = r"^\d{1,3}([.,]\d{1,2})?$"


def _day(text: str) -> str:
    if date.fromisoformat(text).year not in _YEARS:
        message = "must be a day of this century"
        raise ValueError(message)
    return text


def _time(text: str) -> str:
    time.fromisoformat(text)
    return text


def _between_1_and(most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not 1 <= int(text) <= most:
            message = f"must be from 1 to {most}"
            raise ValueError(message)
        return text

    return check


_Digits: Final = StringConstraints(strip_whitespace=True, pattern=r"^\d{1,3}$")
Places = Annotated[str, _Digits, AfterValidator(_between_1_and(500))]
HoursBefore = Annotated[str, _Digits, AfterValidator(_between_1_and(168))]


class BlockForm(Body):
    """A block as it is typed, in the site's own time."""

    on_day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
    from_time: Annotated[str, StringConstraints(pattern=r"^\d{2}:\d{2}$"), AfterValidator(_time)]
    until_time: Annotated[str, StringConstraints(pattern=r"^\d{2}:\d{2}$"), AfterValidator(_time)]
    places: Places
    hourly: Annotated[str, StringConstraints(strip_whitespace=True, pattern=_HOURLY)]
    return_hours: HoursBefore

    def as_new_block(self, zone: ZoneInfo) -> NewBlock:
        """Return what the service takes."""
        whole, _point, cents = self.hourly.replace(",", ".").partition(".")
        return NewBlock(
            hours=hours_on(
                date.fromisoformat(self.on_day),
                time.fromisoformat(self.from_time),
                time.fromisoformat(self.until_time),
                zone,
            ),
            places=int(self.places),
            hourly_minor=int(whole) * 100 + int(cents.ljust(2, "0") or 0),
            return_before=timedelta(hours=int(self.return_hours)),
        )


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One block in the list; `drivers` are the names of who has a place."""

    id: str
    hours: str
    length: str
    places: str
    drivers: str
    least: str
    status: str
    may_close: bool


@console.get("/sites/<site_id>/blocks")
@limited("page")
def site_blocks(site_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return blocks_page(require_site(site_id))


def blocks_page(site: Site, failed: Failed | None = None) -> str:
    """Render a site's blocks, and the form for another one."""
    now = clock.now()
    return page(
        "blocks",
        site=site,
        rows=_rows(site, now),
        today=now.astimezone(ZoneInfo(site.timezone)).date().isoformat(),
        failed=failed,
        done=notice(request.args.get("done")),
    )


@console.post("/sites/<site_id>/blocks")
@limited("command")
def open_block(site_id: str) -> ResponseReturnValue:
    require_dispatcher()
    site = require_site(site_id)
    zone = ZoneInfo(site.timezone)
    failed = submit(
        BlockForm,
        lambda form, now: service.open_block(site_id, form.as_new_block(zone), act=as_me(now)),
    )
    if failed is not None:
        return blocks_page(site, failed), 422
    return redirect(f"/console/sites/{site_id}/blocks?done=block_opened", 303)


@console.get("/blocks/<block_id>/close")
@limited("page")
def ask_close_block(block_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return close_page(_require_block(block_id))


def close_page(row: Block, failed: Failed | None = None) -> str:
    """Ask whether a block shall take no more drivers."""
    back = f"/console/sites/{row.site_id}/blocks"
    return ask(
        Question(
            title=_("Let nobody else take this block?"),
            lines=(
                _("Drivers do not see it any more. Who has a place keeps it, and its guarantee."),
            ),
            button=_("Close the block"),
            action=f"/console/blocks/{row.id}/close",
            back=back,
            back_words=_("Back to the blocks"),
        ),
        failed,
    )


@console.post("/blocks/<block_id>/close")
@limited("command")
def close_block(block_id: str) -> ResponseReturnValue:
    require_dispatcher()
    row = _require_block(block_id)
    failed = submit(
        ReasonForm,
        lambda form, now: service.close_block(block_id, reason=form.reason, act=as_me(now)),
    )
    if failed is not None:
        return close_page(row, failed), 422
    return redirect(f"/console/sites/{row.site_id}/blocks?done=block_closed", 303)


def _require_block(block_id: str) -> Block:
    row = blocks.block(block_id)
    if row is None:
        raise DomainError("not_found")
    return row


def _rows(site: Site, now: datetime) -> list[BlockRow]:
    found = blocks.blocks_of_site(site.id, since=now - _SHOWN_SINCE)
    places = blocks.places_of_blocks([row.id for row in found])
    people = accounts.people_by_id({place.driver_id for place in places})
    times = times_of(site, now=now)
    return [
        BlockRow(
            id=row.id,
            hours=times.dated_span(Span(row.starts_at, row.ends_at)),
            length=_length(blocks.hours_of(row).seconds),
            places=_("{taken} of {places}").format(taken=row.taken, places=row.places),
            drivers=", ".join(
                people[place.driver_id].name for place in places if place.block_id == row.id
            ),
            least=_("{hourly} an hour, {least} in all").format(
                hourly=spoken_money(row.hourly_minor, row.currency),
                least=spoken_money(
                    least_minor(row.hourly_minor, blocks.hours_of(row).seconds), row.currency
                ),
            ),
            status=_status(row, now),
            may_close=row.closed_at is None and row.starts_at > now and row.taken < row.places,
        )
        for row in found
    ]


def _length(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    text = ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return text if not minutes else _("{hours} {n} min").format(hours=text, n=minutes)


def _status(row: Block, now: datetime) -> str:
    if row.ends_at <= now:
        return _("Over")
    if row.starts_at <= now:
        return _("Now")
    if row.closed_at is not None:
        return _("Closed")
    return _("Full") if row.taken == row.places else _("Open")
