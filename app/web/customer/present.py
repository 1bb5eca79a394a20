"""A delivery as the tracking page and its JSON show it; the shape is `frontend/customer/api.ts`."""

from datetime import datetime
from typing import Any

from babel import Locale

from app.domain.delivery import DeliveryStatus
from app.domain.events import FOR_CUSTOMERS
from app.domain.tracking import TrackingView
from app.domain.tracking_answer import LADDER, Answer, Span, answer
from app.web.customer import words
from app.web.formats import iso
from app.web.state import with_rev
from app.web.times import Times

Json = dict[str, Any]


def present(
    view: TrackingView, *, now: datetime, locale: Locale | str, address: str, ticket: str | None
) -> Json:
    """Return the tracking page's state.

    Args:
        view: What the holder of the link may know.
        now: Decides what is late and what is today.
        locale: The reader's language and region, such as `en_US`.
        address: Path of the tracking page, such as `/t/<token>`; the images lie below it.
        ticket: Right to open a socket; left out when the delivery is over.
    """
    times = Times(now=now, timezone=view.timezone, locale=_parsed(locale))
    said = answer(view, now)
    # Some words follow the clock (late, today) and not the row: the revision is that of the words.
    return with_rev(
        {
            "server_time": iso(now),
            "timezone": view.timezone,
            "status": view.status.value,
            **_answer(view, said, times),
            **_driver(view, said),
            "dropoff": {"lat": view.lat, "lon": view.lon},
            "store": {"lat": view.store_lat, "lon": view.store_lon, "name": view.store_name},
            "pin": None if said.is_final else view.pin,
            "pin_locked": view.is_pin_locked,
            "code_url": f"{address}/code.svg" if view.pin and not said.is_final else None,
            "can_change": view.can_change,
            "instructions": view.instructions,
            "leave_at_door": view.leave_at_door,
            # With a PIN somebody has to be there; the store's wish goes before the customer's.
            "can_leave": not view.is_pin_wanted,
            "address": "" if said.is_final else view.address,
            "proof": _proof(view, address),
            "timeline": _timeline(view, times),
            "is_final": said.is_final,
            "socket": {"ticket": ticket} if ticket and not said.is_final else None,
        }
    )


def _answer(view: TrackingView, said: Answer, times: Times) -> Json:
    window = Span(view.window_from, view.window_until)
    return {
        "step": LADDER.index(said.step),
        "steps": words.steps(view),
        "headline": words.headline(view, said, times),
        "sentence": words.sentence(view, said, times),
        "window": {
            "from": iso(window.start),
            "until": iso(window.until),
            "text": times.dated_span(window),
        },
    }


def _driver(view: TrackingView, said: Answer) -> Json:
    """Once more the position rule, whatever the view holds: no coordinate outside the way here."""
    is_allowed = view.is_position_allowed and view.status is DeliveryStatus.ENROUTE_TO_DROPOFF
    fix = view.fix if is_allowed else None
    driver = None
    if view.driver_first_name and not said.is_final:
        driver = {"first_name": view.driver_first_name, "vehicle": view.driver_vehicle}
    return {
        "driver": driver,
        "stops_before": view.stops_before,
        "position_allowed": is_allowed,
        "position": fix
        and {"lat": fix.lat, "lon": fix.lon, "accuracy_m": fix.accuracy_m, "at": iso(fix.at)},
    }


def _proof(view: TrackingView, address: str) -> Json | None:
    if view.proof is None:
        return None
    return {
        "photo_url": f"{address}/proof.jpg" if view.proof.has_photo else None,
        "text": words.proof_text(view.proof),
        "at": iso(view.proof.at),
    }


def _timeline(view: TrackingView, times: Times) -> list[Json]:
    return [
        {
            "type": entry.type.value,
            "text": words.event_text(entry, view),
            "at": iso(entry.at),
            "at_text": times.dated_clock(entry.at),
        }
        for entry in view.timeline
        if entry.type in FOR_CUSTOMERS
    ]


def _parsed(locale: Locale | str) -> Locale:
    return Locale.parse(locale.replace("-", "_")) if isinstance(locale, str) else locale
