"""Every refusal, as a problem document or as a page: stable code, plain words, next step."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.domain.errors import PROBLEMS, DomainError
from app.web.texts import N_
from app.web.texts import gettext as _

log = logging.getLogger(__name__)

_BY_STATUS: Final = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}
PROBLEM_TYPE: Final = "application/problem+json"


def register_problems(app: Flask) -> None:
    """Answer every error of an application in one form."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crashed)


def words_of(code: str, facts: dict[str, Any]) -> dict[str, str]:
    """Return title, detail and next step of a problem in the reader's language, facts filled in."""
    problem = PROBLEMS[code]
    texts = {"title": problem.title, "detail": problem.detail, "next_step": problem.next_step}
    said = {
        name: _(str(value)) if isinstance(value, str) and value else value
        for name, value in facts.items()
    }
    return {name: _fill(_(text), said) for name, text in texts.items()}


def problem_response(
    code: str, facts: dict[str, Any] | None = None, errors: list[dict[str, str]] | None = None
) -> Response:
    """Return a problem as JSON for programs and as a page for people."""
    status = PROBLEMS[code].status
    words = words_of(code, facts or {})
    if wants_page():
        page = render_template("problem.html", code=code, errors=errors or [], **words)
        return Response(page, status, mimetype="text/html")
    body: dict[str, Any] = {
        "type": f"{request.url_root}problems/{code}",
        "status": status,
        "code": code,
        "instance": request.path,
        **words,
        **{name: value for name, value in (facts or {}).items() if name not in words},
    }
    if errors:
        body["errors"] = errors
    response = jsonify(body)
    response.status_code = status
    response.mimetype = PROBLEM_TYPE
    if "retry_after_s" in (facts or {}):
        response.headers["Retry-After"] = str((facts or {})["retry_after_s"])
    return response


#: What programs of shops read, outside of the API.
_DATA: Final = frozenset({"/promise", "/promise/products"})


def wants_page() -> bool:
    """Tell whether a person reads the answer: not below an API path, and HTML is accepted."""
    is_data = "/api/" in request.path or request.path.endswith("/state") or request.path in _DATA
    return not is_data and request.accept_mimetypes.accept_html and not request.is_json


def _fill(text: str, facts: dict[str, Any]) -> str:
    try:
        return text.format(**facts)
    except KeyError:
        # A fact that this refusal did not carry: better the words with a gap than no words.
        log.warning("problem text lacks a fact", extra={"text": text})
        return text


def _refused(error: DomainError) -> Response:
    return problem_response(error.code, dict(error.facts))


def _invalid(error: ValidationError) -> Response:
    found = error.errors(include_url=False, include_input=False)
    errors = [
        {
            "loc": ".".join(str(part) for part in each["loc"]),
            "msg": said_of(each["type"], each.get("ctx", {})),
        }
        for each in found
    ]
    is_syntax = any(each["type"] == "json_invalid" for each in found)
    return problem_response("bad_request" if is_syntax else "invalid_input", errors=errors)


#: What pydantic found, in our words; the placeholders are its own.
_FIELD_WORDS: Final = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("This field is not known here."),
    "string_too_long": N_("At most {max_length} characters."),
    "string_too_short": N_("Please fill this in."),
    "string_pattern_mismatch": N_("This does not have the right form."),
    "value_error": N_("This is not allowed here."),
    "greater_than_equal": N_("At least {ge}."),
    "less_than_equal": N_("At most {le}."),
    "too_short": N_("At least {min_length} are needed."),
    "too_long": N_("At most {max_length} are taken."),
    "literal_error": N_("Choose one of {expected}."),
    "timezone_aware": N_("The time zone is missing."),
}
_OTHER_FIELD_WORDS: Final = N_("This is not a value we can take.")


def said_of(kind: str, context: Mapping[str, Any]) -> str:
    """Return what is wrong with a field, by pydantic's name for it."""
    text = _(_FIELD_WORDS.get(kind, _OTHER_FIELD_WORDS))
    return text.format_map({name: value for name, value in context.items() if name != "error"})


def _too_many(error: RateLimitExceeded) -> Response:
    # A limit per second may be over within the second: zero would ask for a tap at once.
    seconds = max(1, int(error.limit.limit.get_expiry()))
    return problem_response("too_many_requests", {"retry_after_s": seconds})


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    response = problem_response(
        _BY_STATUS.get(status, "bad_request" if status < 500 else "server_error")
    )
    response.status_code = status
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _crashed(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log.error("request failed", exc_info=error, extra={"path": request.path})
    return problem_response("server_error")
