"""Rate limits: one line per kind of use, counted per principal, scaled by a setting."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from flask import current_app, request
from flask_login import current_user

from app.extensions import limiter

View = TypeVar("View", bound=Callable[..., Any])

#: Defaults of the trust page. `{n}` is scaled by MALL_RATE_LIMIT_SCALE.
LIMITS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "page": ((120, "minute"),),
    "static": ((1200, "minute"),),
    "state": ((240, "minute"),),
    "command": ((120, "minute"),),
    "login": ((5, "minute"),),
    "login_address": ((20, "minute"),),
    # Each stops the link that the customer has.
    "link": ((10, "minute"), (60, "hour")),
    "claim": ((20, "minute"), (5, "second")),
    "position": ((30, "minute"),),
    "photo": ((30, "hour"),),
    "statements": ((60, "minute"),),
    "code": ((20, "minute"),),
    "tracking": ((60, "minute"),),
    "proof": ((20, "minute"),),
    "tracking_miss": ((20, "minute"),),
    # Fifty a second, and two hundred in a burst.
    "api": ((200, "second"), (3000, "minute")),
    # Shoppers behind one address share it; most of them are answered by caches.
    "promise": ((300, "minute"),),
    "checkout": ((10, "minute"), (60, "hour")),
    "webhook_test": ((5, "minute"),),
    # Each may write to an address of the inviter's choice.
    "invite": ((10, "minute"), (40, "hour")),
    "api_miss": ((60, "minute"),),
    "demo": ((30, "minute"),),
}


def address() -> str:
    """Return the caller's address, as far as the proxies in front are believed."""
    return request.remote_addr or "unknown"


def principal() -> str:
    """Return who is counted: the sign-in where there is one, else the address."""
    return f"session:{current_user.get_id()}" if current_user.is_authenticated else address()


def rate(kind: str) -> str:
    """Return the limit of a kind in Flask-Limiter's words, scaled."""
    scale = cast("int", current_app.config["RATE_LIMIT_SCALE"])
    return ";".join(f"{count * scale} per {span}" for count, span in LIMITS[kind])


def limited(kind: str, *, by: Callable[[], str] = principal) -> Callable[[View], View]:
    """Limit a view. Views of one kind share a count per principal."""
    decorator: Any = limiter.shared_limit(lambda: rate(kind), scope=kind, key_func=by)

    def mark(view: View) -> View:
        decorated: View = decorator(view)
        _marked.add(f"{view.__module__}.{view.__qualname__}")
        return decorated

    return mark


_marked: set[str] = set()


def is_limited(view: Callable[..., Any]) -> bool:
    """Tell whether a view has a limit; a test asks this of every route."""
    return f"{view.__module__}.{view.__qualname__}" in _marked
