"""The blueprint of the foreign ways in: whose key it is, and refusals in the other's form."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import RequestEntityTooLarge

from app.api.v1.asking import InvalidInput, require_key, say_limits
from app.domain.errors import PROBLEMS, DomainError
from app.web.auth.identity import declare_guard
from app.web.problems import words_of

compat = Blueprint("compat", __name__, url_prefix="/compat")
compat.record_once(lambda state: declare_guard(state.app, "compat", "api key"))
compat.before_request(require_key)
compat.after_request(say_limits)

_Fields = Sequence[Mapping[str, str]]
_Shape = Callable[[str, str, _Fields], dict[str, Any]]


def _like_uber(code: str, message: str, fields: _Fields) -> dict[str, Any]:
    found = {each["loc"].strip("/"): each["msg"] for each in fields}
    return {"kind": "error", "code": code, "message": message, "params": found}


def _like_doordash(code: str, message: str, fields: _Fields) -> dict[str, Any]:
    found = [{"field": each["loc"].strip("/"), "error": each["msg"]} for each in fields]
    return {"code": code, "message": message, "field_errors": found}


_SHAPES: Final[Mapping[str, _Shape]] = {
    "uber-direct": _like_uber,
    "doordash-drive": _like_doordash,
}


def _refusal(code: str, facts: Mapping[str, Any] | None = None, fields: _Fields = ()) -> Response:
    """Return a refusal as the other service writes it, with our stable code."""
    words = words_of(code, dict(facts or {}))
    shape = _SHAPES[request.path.split("/")[2]]
    response = jsonify(shape(code, f"{words['detail']} {words['next_step']}", fields))
    response.status_code = PROBLEMS[code].status
    return response


@compat.errorhandler(DomainError)
def refused(error: DomainError) -> Response:
    return _refusal(error.code, error.facts)


@compat.errorhandler(InvalidInput)
def invalid(error: InvalidInput) -> Response:
    is_syntax = any(each.get("kind") == "json_invalid" for each in error.errors)
    return _refusal("bad_request" if is_syntax else "invalid_input", fields=error.errors)


@compat.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> Response:
    response = _refusal("too_many_requests")
    response.headers["Retry-After"] = str(int(error.limit.limit.get_expiry()))
    return response


@compat.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    return _refusal("payload_too_large")
