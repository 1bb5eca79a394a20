"""One decorator per operation: its address, what goes in and comes out, its right and its limit.

The routes and the document that describes them are made of the same declarations.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Response, current_app, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from app.api.v1.asking import InvalidInput, api, caller, require
from app.api.v1.shapes import Shape
from app.domain.api_key import Scope
from app.domain.errors import DomainError
from app.web.limits import limited
from app.web.problems import said_of
from app.web.validation import JSON_MAX_BYTES, Body

Model = TypeVar("Model", bound=BaseModel)
View = Callable[..., "Shape | tuple[Shape, Mapping[str, str]] | Response"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation as it is described and carried out.

    Attributes:
        path: Below the API's root, with `{names}`.
        name: Its `operationId`.
        scope: The right it needs; None for everybody, without a key.
        body: What is sent, or None.
        query: What may stand behind the question mark, or None.
        answer: What comes back, or the media type of a file.
        status: Of success.
        is_idempotent: Whether the header Idempotency-Key is asked for.
        codes: Refusals that belong to this operation.
    """

    method: str
    path: str
    name: str
    summary: str
    group: str
    scope: Scope | None
    answer: type[Shape] | str
    status: int = 200
    body: type[Body] | None = None
    query: type[Body] | None = None
    is_idempotent: bool = False
    codes: Sequence[str] = ()
    description: str = field(default="", compare=False)


OPERATIONS: Final[list[Operation]] = []


def operation(declared: Operation) -> Callable[[View], View]:
    """Serve a view under an operation's address and put it into the document.

    The view gets the path's values, then `body` and `query` by name where they are declared. A
    refusal is a DomainError.
    """

    def serve(view: View) -> View:
        @wraps(view)
        def answer(**path: str) -> Response:
            if declared.scope is not None:
                require(declared.scope)
            given: dict[str, Any] = dict(path)
            if declared.query is not None:
                given["query"] = parse_query(declared.query)
            elif request.args:
                raise InvalidInput("query", _unknown(request.args))
            if declared.body is not None:
                given["body"] = parse_body(declared.body)
            return _respond(view(**given), declared.status)

        route = f"{declared.path.replace('{', '<').replace('}', '>')}"
        limit: Any = limited("api", by=caller)
        api.add_url_rule(
            route, view.__name__, limit(answer), methods=[declared.method], strict_slashes=True
        )
        OPERATIONS.append(declared)
        return view

    return serve


def _respond(made: "Shape | tuple[Shape, Mapping[str, str]] | Response", status: int) -> Response:
    if isinstance(made, Response):
        return made
    shape, headers = made if isinstance(made, tuple) else (made, cast("Mapping[str, str]", {}))
    response = current_app.response_class(
        shape.model_dump_json(by_alias=True), status, mimetype="application/json"
    )
    response.headers.extend(dict(headers))
    return response


def parse_body(model: type[Body]) -> Body:
    """Return the request's JSON body.

    Raises:
        InvalidInput: With the place of each mistake.
        DomainError: `unsupported_media_type`.
        werkzeug.exceptions.RequestEntityTooLarge: Answered as `payload_too_large`.
    """
    request.max_content_length = JSON_MAX_BYTES
    if request.mimetype != "application/json":
        raise DomainError("unsupported_media_type")
    raw = request.get_data(cache=False)
    if len(raw) > JSON_MAX_BYTES:
        raise RequestEntityTooLarge
    return _checked(lambda: model.model_validate_json(raw), "body")


def parse_query(model: type[Body]) -> Body:
    """Return what stands behind the question mark; each name once.

    Raises:
        InvalidInput: With the name of each mistake.
    """
    values = request.args.to_dict(flat=False)
    twice = [name for name, given in values.items() if len(given) > 1]
    if twice:
        raise InvalidInput("query", _unknown(twice))
    flat = {name: given[0] for name, given in values.items()}
    # Everything here is text: "25" is a number where one is asked for.
    return _checked(lambda: model.model_validate_strings(flat, strict=False), "query")


def _checked(parse: Callable[[], Model], place: str) -> Model:
    try:
        return parse()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise InvalidInput(
            place,
            tuple(
                {
                    "loc": pointer(each["loc"]),
                    "msg": said_of(each["type"], each.get("ctx", {})),
                    "kind": each["type"],
                }
                for each in found
            ),
        ) from None


def pointer(parts: Sequence[str | int]) -> str:
    """Return a place as a JSON pointer (RFC 6901): `/recipient/phone`, empty for the whole."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)


def _unknown(names: Iterable[str]) -> tuple[dict[str, str], ...]:
    words = said_of("extra_forbidden", {})
    return tuple({"loc": pointer([name]), "msg": words, "kind": "extra"} for name in names)
