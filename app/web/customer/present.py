"""A delivery as the tracking page and its JSON show it; the shape is `frontend/customer/api.ts`."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Final

from babel import Locale

from app.domain.delivery import DeliveryStatus
from app.domain.events import FOR_CUSTOMERS
from app.domain.tracking import TrackingView
from app.domain.tracking_answer import LADDER, Answer, Span, answer
from app.web.customer import words
from app.web.customer.times import Times

Json = dict[str, object]

#: What differs from answer to answer without being news.
_NOT_NEWS: Final = frozenset({"server_time", "socket"})
_REV_DIGITS: Final = 12


def present(
    view: TrackingView, *, now: datetime, locale: Locale | str, address: str, ticket: str | None
) -> Json:
    """Return the tracking page's state.

    Args:
        view: What the holder of the link may know.
        now: Decides what is late and what is today.
        locale: The reader's language and region, such as `en-US`.
        address: Path of the tracking page, such as `/t/<token>`; the images lie below it.
        ticket: Right to open a socket; left out when the delivery is over.
    """
    locale = Locale.parse(locale, sep="-") if isinstance(locale, str) else locale
    times = Times(now=now, timezone=view.timezone, locale=locale)
    said = answer(view, now)
    state: Json = {
        "server_time": _iso(now),
        "timezone": view.timezone,
        "status": view.status.value,
        **_answer(view, said, times),
        **_driver(view, said),
        "dropoff": {"lat": view.lat, "lon": view.lon},
        "store": {"lat": view.store_lat, "lon": view.store_lon, "name": view.store_name},
        "pin": None if said.is_final else view.pin,
        "code_url": f"{address}/code.svg" if view.pin and not said.is_final else None,
        "can_change": view.can_change,
        "instructions": view.instructions,
        "leave_at_door": view.leave_at_door,
        "proof": _proof(view, address),
        "timeline": _timeline(view, times),
        "is_final": said.is_final,
        "socket": {"ticket": ticket} if ticket and not said.is_final else None,
    }
    # Some words follow the clock (late, today), not the row: the revision is that of the words.
    return {"rev": f"{view.rev}.{_digest(state)}", **state}


def _answer(view: TrackingView, said: Answer, times: Times) -> Json:
    window = Span(view.window_from, view.window_until)
    return {
        "step": LADDER.index(said.step),
        "steps": words.steps(view),
        "headline": words.headline(view, said, times),
        "sentence": words.sentence(view, said, times),
        "window": {
            "from": _iso(window.start),
            "until": _iso(window.until),
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
        and {"lat": fix.lat, "lon": fix.lon, "accuracy_m": fix.accuracy_m, "at": _iso(fix.at)},
    }


def _proof(view: TrackingView, address: str) -> Json | None:
    if view.proof is None:
        return None
    return {
        "photo_url": f"{address}/proof.jpg" if view.proof.has_photo else None,
        "text": words.proof_text(view.proof),
        "at": _iso(view.proof.at),
    }


def _timeline(view: TrackingView, times: Times) -> list[Json]:
    return [
        {
            "type": entry.type.value,
            "text": words.event_text(entry, view),
            "at": _iso(entry.at),
            "at_text": times.dated_clock(entry.at),
        }
        for entry in view.timeline
        if entry.type in FOR_CUSTOMERS
    ]


def _digest(state: Json) -> str:
    news = {key: value for key, value in state.items() if key not in _NOT_NEWS}
    return hashlib.sha256(json.dumps(news).encode()).hexdigest()[:_REV_DIGITS]


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
