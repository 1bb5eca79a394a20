"""What the start page says: where the apps are, how phones get there, and a demo's logins."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

from markupsafe import Markup

from app.accounts.devices import ENROLMENT_LIFE
from app.config import Settings
from app.demo import queries as demo
from app.demo.queries import DemoLogins, InboundLogins, WatchedDelivery
from app.demo.tools import DemoTools
from app.sites.qr_codes import qr_svg
from app.tracking.links import tracking_token
from app.web.texts import gettext as _

#: What a reader must know before taking a phone: nothing, or why it will not work yet.
Network = Literal["this_computer", "insecure", "local_ca", "public"]
_LOOPBACK_NAMES: Final = frozenset({"localhost", "localhost.localdomain"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One mall to try."""

    site_id: str
    name: str
    city: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Link:
    """An address to open here, and its code for another device."""

    url: str
    qr: Markup


@dataclass(frozen=True, slots=True)
class Watched:
    """A delivery to watch."""

    first_name: str
    store_name: str
    url: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Ride:
    """A simulated run."""

    driver_name: str
    deliveries: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A one-time code that turns a real tablet into the demo's counter."""

    code: str
    qr: Markup
    minutes: int


@dataclass(frozen=True, slots=True)
class Demo:
    """All that a visitor needs to play three people at one mall."""

    malls: tuple[Choice, ...]
    site_id: str
    logins: DemoLogins
    tracking: Link | None
    watched: Watched | None
    ride: Ride | None
    #: The station and the hub.
    inbound: tuple[InboundLogins, ...]


def link_to(url: str, title: str) -> Link:
    """Return an address with its code; `title` is what a screen reader says of the code."""
    return Link(url, qr_svg(url, title=title))


def enrolment_of(code: str, settings: Settings) -> Enrolment:
    """Return an enrolment code as people type it and as a tablet scans it."""
    qr = qr_svg(f"{settings.public_url}/desk/#code={code}", title=_("Code for the store's tablet"))
    half = len(code) // 2
    minutes = int(ENROLMENT_LIFE.total_seconds() // 60)
    return Enrolment(f"{code[:half]}-{code[half:]}", qr, minutes)


def network_of(settings: Settings) -> Network:
    """Tell what stands between a phone in the same network and this server."""
    if settings.is_https:
        return "local_ca" if settings.tls_ca is not None else "public"
    return "this_computer" if _is_loopback(settings.public_url) else "insecure"


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in _LOOPBACK_NAMES


def demo_of(
    tools: DemoTools, settings: Settings, *, site_id: str | None, run_id: str | None
) -> Demo | None:
    """Return the demo at the chosen mall, or the first one; None when this is no demo."""
    if not demo.is_demo():
        return None
    malls = demo.malls()
    chosen = next((mall for mall in malls if mall.id == site_id), malls[0] if malls else None)
    logins = demo.logins_of(chosen) if chosen is not None else None
    if chosen is None or logins is None:
        return None
    shown = demo.shown_delivery(chosen.id)
    watched = _watched(shown, tools, settings) if shown is not None else None
    return Demo(
        malls=tuple(
            Choice(mall.id, mall.name, f"{mall.city}, {mall.state}", mall.id == chosen.id)
            for mall in malls
        ),
        site_id=chosen.id,
        logins=logins,
        tracking=link_to(watched.url, _("Code for the tracking page")) if watched else None,
        watched=watched,
        ride=_ride(run_id, tools, settings) if run_id else None,
        inbound=tuple(demo.inbound_logins()),
    )


def _ride(run_id: str, tools: DemoTools, settings: Settings) -> Ride | None:
    driver_name = demo.driver_of_run(run_id)
    if driver_name is None:
        return None
    found = demo.deliveries_to_watch(run_id)
    return Ride(driver_name, tuple(_watched(each, tools, settings) for each in found))


def _watched(found: WatchedDelivery, tools: DemoTools, settings: Settings) -> Watched:
    token = tracking_token(found.row, tools.keys.mac("tracking"))
    return Watched(
        first_name=found.first_name,
        store_name=found.store_name,
        url=f"{settings.public_url}/t/{token}",
        is_over=found.row.ended_at is not None,
    )
