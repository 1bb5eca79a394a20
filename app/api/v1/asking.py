"""The API's blueprint: whose key it is, how often it may ask, what answers carry."""

from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Blueprint, Response, g, request

from app import clock
from app.accounts import api_keys
from app.accounts.api_keys import KeyView
from app.domain.act import Act
from app.domain.api_key import Mode, Scope, may_come_from
from app.domain.errors import DomainError
from app.extensions import limiter
from app.persistence.ids import new_uuid7
from app.web import seen
from app.web.auth.identity import declare_guard
from app.web.limits import address, rate
from app.web.problems import problem_response

#: Operations that need no key: they are the same for everybody.
OPEN: Final = frozenset({"openapi", "reference"})
_BEARER: Final = "Bearer "

api = Blueprint("api", __name__, url_prefix="/api/v1")
api.record_once(lambda state: declare_guard(state.app, "api", "api key"))


@dataclass(frozen=True, slots=True)
class InvalidInput(Exception):  # noqa: N818 - It is what the caller sent, not a failure of ours.
    """A request that does not fit its description.

    Attributes:
        place: `body`, `query` or `path`.
        errors: `{loc, msg}`; `loc` is a JSON pointer.
    """

    place: str
    errors: tuple[dict[str, str], ...]


def caller() -> str:
    """Return who is counted: the key, or the address without one."""
    key = _shown_key()
    return f"key:{key.id}" if key is not None else address()


def my_key() -> KeyView:
    """Return the key of this request.

    Raises:
        DomainError: `api_key_wrong`, `api_key_elsewhere`.
    """
    key = _shown_key()
    if key is None:
        raise DomainError("api_key_wrong")
    if not may_come_from(address(), key.networks):
        raise DomainError("api_key_elsewhere")
    return key


def my_merchant() -> str:
    """Return the merchant whose data this request may see: for test keys the twin."""
    return my_key().acts_for_id


def require(scope: Scope) -> None:
    """Let only keys with a scope through.

    Raises:
        DomainError: `scope_missing`.
    """
    if scope not in my_key().scopes:
        raise DomainError("scope_missing", scope=scope.value)


def is_test() -> bool:
    """Tell whether this request moves parcels of nobody."""
    return my_key().mode is Mode.TEST


def as_my_key() -> Act:
    """Return the circumstances of what this program does now."""
    now = clock.now()
    return Act(f"merchant:{my_key().id}", now, now)


def _shown_key() -> KeyView | None:
    if "api_key" not in g:
        header = request.headers.get("Authorization", "")
        text = header[len(_BEARER) :].strip() if header.startswith(_BEARER) else ""
        g.api_key = api_keys.key_by_text(text, now=clock.now())
    return cast("KeyView | None", g.api_key)


@api.before_request
def require_key() -> None:
    """Ask for a key before anything else."""
    g.request_id = f"req_{new_uuid7(clock.now())}"
    endpoint = (request.endpoint or "").rpartition(".")[2]
    if endpoint in OPEN:
        return
    try:
        key = my_key()
    except DomainError:
        # Guessing is hopeless, but each try costs a query.
        with limiter.shared_limit(lambda: rate("api_miss"), scope="api_miss", key_func=address):
            pass
        raise
    seen.mark_key(key.id, clock.now())


@api.after_request
def say_limits(response: Response) -> Response:
    """Tell how much of each limit is left, and the request's own name.

    Source: draft-ietf-httpapi-ratelimit-headers-09, with the names of its version 02 beside it.
    """
    response.headers["X-Request-Id"] = cast("str", g.get("request_id", ""))
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Mallrun"'
    now = clock.now().timestamp()
    policies: list[str] = []
    left: list[tuple[int, int, int, str]] = []
    for each in cast("list[Any]", limiter.current_limits):
        most, span_s = int(each.limit.amount), int(each.limit.get_expiry())
        name = f'"{span_s}s"'
        policies.append(f"{name};q={most};w={span_s}")
        left.append((each.remaining, most, max(0, int(each.reset_at - now)), name))
    if left:
        remaining, most, wait_s, _name = min(left)
        response.headers["RateLimit-Policy"] = ", ".join(policies)
        response.headers["RateLimit"] = ", ".join(
            f"{name};r={rest};t={reset}" for rest, _most, reset, name in left
        )
        response.headers["RateLimit-Limit"] = str(most)
        response.headers["RateLimit-Remaining"] = str(remaining)
        response.headers["RateLimit-Reset"] = str(wait_s)
    return response


@api.errorhandler(InvalidInput)
def invalid(error: InvalidInput) -> Response:
    """Name each field that needs another value."""
    is_syntax = any(each["loc"] == "" and each["kind"] == "json_invalid" for each in error.errors)
    errors = [{"in": error.place, "loc": each["loc"], "msg": each["msg"]} for each in error.errors]
    return problem_response("bad_request" if is_syntax else "invalid_input", errors=errors)
