"""The API's description, OpenAPI 3.1, made of the operations and models that serve it."""

import re
from collections.abc import Sequence
from typing import Any, Final, cast

from pydantic.json_schema import models_json_schema

from app.api.v1.operation import OPERATIONS, Operation
from app.api.v1.shapes import ProblemOut
from app.domain.problems import PROBLEMS
from app.web.problems import PROBLEM_TYPE
from app.web.validation import Body

Json = dict[str, Any]

VERSION: Final = "1.0.0"
_REF: Final = "#/components/schemas/{model}"
_NAMES: Final = re.compile(r"\{(\w+)\}")
_PREFIXES: Final = {
    "delivery_id": "dlv",
    "store_id": "str",
    "quote_id": "quo",
    "endpoint_id": "whk",
    "attempt_id": "atp",
    "event_id": "evt",
}
#: Refusals that any operation with a key may answer.
_COMMON: Final = ("api_key_elsewhere", "api_key_wrong", "scope_missing", "too_many_requests")
_LIMIT_HEADERS: Final = {
    "RateLimit": 'What is left of each limit: `"60s";r=2999;t=42`',
    "RateLimit-Policy": 'The limits: `"1s";q=200;w=1, "60s";q=3000;w=60`',
    "X-Request-Id": "Name of this request, for support",
}


def document(url: str) -> Json:
    """Return the document of an installation at an address."""
    models = _models()
    schemas = _schemas(models)
    paths: Json = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mallrun for merchants",
            "version": VERSION,
            "description": "Same-day delivery from your stores. Money is in minor units, times are "
            "RFC 3339. Every refusal is a problem document (RFC 9457) with a stable `code`.",
        },
        "servers": [{"url": f"{url}/api/v1"}],
        "tags": [{"name": name} for name in dict.fromkeys(each.group for each in OPERATIONS)],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`Authorization: Bearer mp_…`, made on the merchant's page",
                }
            },
            "schemas": schemas,
            "responses": {"Problem": _problem()},
            "headers": {
                name: {"description": words, "schema": {"type": "string"}}
                for name, words in _LIMIT_HEADERS.items()
            },
        },
    }


def _models() -> list[tuple[type[Any], str]]:
    found: dict[type[Any], str] = {ProblemOut: "serialization"}
    for each in OPERATIONS:
        if each.body is not None:
            found[each.body] = "validation"
        if isinstance(each.answer, type):
            found[each.answer] = "serialization"
    return list(found.items())


def _schemas(models: Sequence[tuple[type[Any], Any]]) -> Json:
    _names, definitions = models_json_schema(models, ref_template=_REF)
    schemas: Json = definitions["$defs"]
    return {name: _plain(schema) for name, schema in sorted(schemas.items())}


def _plain(schema: object) -> Any:  # noqa: ANN401 - JSON of any form, one level after another.
    """Leave out titles that say a field's name once more."""
    if isinstance(schema, dict):
        members = cast("Json", schema)
        return {
            name: _plain(value)
            for name, value in members.items()
            if not (name == "title" and isinstance(value, str))
        }
    if isinstance(schema, list):
        return [_plain(each) for each in cast("list[object]", schema)]
    return schema


def _operation(each: Operation) -> Json:
    described: Json = {
        "operationId": each.name,
        "summary": each.summary,
        "tags": [each.group],
        "responses": _responses(each),
    }
    if each.description:
        described["description"] = each.description
    if each.scope is None:
        described["security"] = []
    else:
        described["x-scope"] = each.scope.value
    parameters = [*_path_parameters(each), *_query_parameters(each.query), *_headers(each)]
    if parameters:
        described["parameters"] = parameters
    if each.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": _REF.format(model=each.body.__name__)}}
            },
        }
    if codes_of(each):
        described["x-codes"] = codes_of(each)
    return described


def codes_of(each: Operation) -> list[str]:
    """Return the stable codes with which an operation may refuse, in order."""
    codes = set(each.codes) | (set(_COMMON) if each.scope is not None else {"too_many_requests"})
    if _NAMES.search(each.path) or each.body is not None:
        codes.add("not_found")
    if each.body is not None:
        codes |= {"bad_request", "invalid_input", "payload_too_large", "unsupported_media_type"}
    if each.query is not None:
        codes.add("invalid_input")
    if each.is_idempotent:
        codes |= {"idempotency_key_missing", "idempotency_key_reused"}
    return sorted(codes)


def _responses(each: Operation) -> Json:
    if isinstance(each.answer, type):
        content: Json = {
            "application/json": {"schema": {"$ref": _REF.format(model=each.answer.__name__)}}
        }
    elif each.answer.startswith("text/") or each.answer.endswith("json"):
        content = {each.answer: {"schema": {}}}
    else:
        content = {each.answer: {"schema": {"type": "string", "format": "binary"}}}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMIT_HEADERS}
    success: Json = {"description": each.summary, "content": content, "headers": headers}
    answers: Json = {str(each.status): success}
    for status in sorted({PROBLEMS[code].status for code in codes_of(each)}):
        words = ", ".join(f"`{code}`" for code in codes_of(each) if PROBLEMS[code].status == status)
        answers[str(status)] = _problem() | {"description": words}
    return answers | {"default": {"$ref": "#/components/responses/Problem"}}


def _problem() -> Json:
    schema = {"$ref": _REF.format(model="ProblemOut")}
    return {
        "description": "Refused, with a stable code",
        "content": {PROBLEM_TYPE: {"schema": schema}},
    }


def _path_parameters(each: Operation) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": f"^{_PREFIXES[name]}_[a-z2-7]{{26}}$"},
        }
        for name in _NAMES.findall(each.path)
    ]


def _query_parameters(model: type[Body] | None) -> list[Json]:
    if model is None:
        return []
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _of_text(each)}
        for name, each in schema["properties"].items()
    ]


def _of_text(schema: Json) -> Json:
    """Return a parameter's schema without null: what is not sent is not there."""
    others = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    plain = _plain(others[0] if len(others) == 1 else schema)
    return {name: value for name, value in plain.items() if value is not None}


def _headers(each: Operation) -> list[Json]:
    if not each.is_idempotent:
        return []
    words = "Of your choice, the same for every try of this order and for no other"
    schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    return [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": words,
            "schema": schema,
        }
    ]
