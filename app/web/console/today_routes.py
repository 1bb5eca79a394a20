"""Today at the console: all places at once, and one of them with its runs and deliveries."""

from flask.typing import ResponseReturnValue

from app import clock
from app.domain.errors import DomainError
from app.sites import queries as sites
from app.web.console.day import day_of
from app.web.console.finding import FEW_PLACES, asked_name
from app.web.console.frame import console, page
from app.web.console.overview import overview_of
from app.web.console.scope import require_dispatcher
from app.web.console.trouble import waiting_rows
from app.web.limits import limited


@console.get("/today")
@limited("page")
def today() -> ResponseReturnValue:
    require_dispatcher()
    now, words, places = clock.now(), asked_name(), sites.place_names()
    return page(
        "today",
        waiting=waiting_rows(now=now) if not words else (),
        day=overview_of(places, words, now=now),
        words=words,
        is_many=len(places) > FEW_PLACES,
    )


@console.get("/today/<site_id>")
@limited("page")
def place_day(site_id: str) -> ResponseReturnValue:
    require_dispatcher()
    site = sites.site(site_id)
    # A test mall is nobody's place.
    if site is None or site.is_test:
        raise DomainError("not_found")
    return page("place_day", day=day_of(site, now=clock.now()))
