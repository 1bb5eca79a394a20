"""Who is asking: one cookie per audience, one row per sign-in, checked at every request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, redirect, request
from flask.sansio.app import App
from flask_login import UserMixin, current_user
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.accounts import queries as accounts
from app.accounts import sessions
from app.accounts.sessions import NewSession
from app.domain.errors import DomainError
from app.extensions import login_manager
from app.web import seen
from app.web.problems import wants_page

COOKIES: Final = {
    "driver": "mallrun_driver",
    "console": "mallrun_console",
    "desk": "mallrun_desk",
    "clerk": "mallrun_clerk",
    "merchant": "mallrun_merchant",
}
#: A cookie goes to its own audience's pages only, so that one login never ends another.
PATHS: Final = {
    "driver": "/driver",
    "console": "/console",
    "desk": "/desk",
    "clerk": "/desk",
    "merchant": "/merchant",
}
_BY_PREFIX: Final = (
    ("/driver", "driver"),
    ("/console", "console"),
    ("/desk", "desk"),
    ("/merchant", "merchant"),
)


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):
    """A live sign-in of this request; `clerk` is the person at a desk, once a code was entered."""

    audience: str
    session_id: str
    person_id: str | None = None
    desk_id: str | None = None
    clerk_id: str | None = None
    clerk_session_id: str | None = None

    def get_id(self) -> str:
        """Return the session's id; Flask-Login asks for it."""
        return self.session_id


def register_identity(app: Flask) -> None:
    """Load the sign-in of each request from its audience's cookie."""
    login_manager.init_app(app)
    login_manager.request_loader(_load)


def guard(
    blueprint: Blueprint, audience: str, *, open_endpoints: frozenset[str] = frozenset()
) -> None:
    """Let only an audience's own sign-ins through to a blueprint.

    Args:
        blueprint: All its routes are guarded.
        audience: `driver`, `desk`, `console` or `merchant`.
        open_endpoints: View names that work without a sign-in: the login page, the app's shell.
    """

    def require_sign_in() -> BaseResponse | None:
        endpoint = (request.endpoint or "").rpartition(".")[2]
        if endpoint in open_endpoints or current_user.is_authenticated:
            return None
        if wants_page():
            return redirect(_login_address(audience))
        raise DomainError("not_signed_in")

    blueprint.before_request(require_sign_in)
    blueprint.record_once(
        lambda state: declare_guard(state.app, blueprint.name, f"session:{audience}")
    )


def _login_address(audience: str) -> str:
    # A form's address cannot be opened by a link: after a POST the way leads to the start.
    wanted = request.path if request.method == "GET" else f"{PATHS[audience]}/"
    return f"{PATHS[audience]}/login?{urlencode({'next': wanted}, safe='/')}"


def declare_guard(app: App, blueprint: str, rule: str) -> None:
    """Write down how a blueprint knows its callers; a test holds that every one has said so."""
    app.extensions.setdefault("mallrun_guards", {})[blueprint] = rule


def signed_in() -> SignedIn:
    """Return this request's sign-in.

    Raises:
        DomainError: `not_signed_in`.
    """
    # The proxy's documented way, which flask-login leaves untyped.
    user: object = cast("Callable[[], object]", getattr(current_user, "_get_current_object"))()  # noqa: B009
    if not isinstance(user, SignedIn):
        raise DomainError("not_signed_in")
    return user


def set_cookie(response: Response, audience: str, new: NewSession) -> None:
    """Give the browser a session's token; scripts cannot read it."""
    response.set_cookie(
        COOKIES[audience],
        new.token,
        max_age=int(sessions.LONGEST[audience].total_seconds()),
        path=PATHS[audience],
        secure=cast("bool", current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: Response, audience: str) -> None:
    """Take a session's token from the browser, and what its HTTP cache holds of the person."""
    response.delete_cookie(COOKIES[audience], path=PATHS[audience])
    response.headers["Clear-Site-Data"] = '"cache"'


def _load(_request: object) -> SignedIn | None:
    audience = next((name for prefix, name in _BY_PREFIX if request.path.startswith(prefix)), None)
    if audience is None:
        return None
    found = _live(audience)
    if found is None:
        return None
    clerk = _live("clerk") if audience == "desk" else None
    if clerk is not None and clerk.desk_id != found.desk_id:
        clerk = None
    if audience != "desk":
        seen.mark(found.id, clock.now())
    return SignedIn(
        audience=audience,
        session_id=found.id,
        person_id=found.person_id,
        desk_id=found.desk_id,
        clerk_id=clerk.clerk_id if clerk is not None else None,
        clerk_session_id=clerk.id if clerk is not None else None,
    )


def _live(audience: str) -> accounts.SessionView | None:
    token = request.cookies.get(COOKIES[audience])
    if not token:
        return None
    found = accounts.live_session(sessions.token_hash(token))
    if found is None or found.audience != audience or found.is_person_disabled:
        return None
    last = max(found.seen_at, seen.last(found.id) or found.seen_at)
    is_over = sessions.is_expired(
        audience, created_at=found.created_at, seen_at=last, now=clock.now()
    )
    return None if is_over else found
