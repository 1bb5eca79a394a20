"""The description of the API, for programs and for people."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Response, current_app, jsonify, render_template

from app.api.v1.openapi import codes_of, document
from app.api.v1.operation import OPERATIONS, Operation, operation

GROUP = "Reference"


def public_url() -> str:
    """Return the address of this installation."""
    url: str = current_app.extensions["mallrun_settings"].public_url
    return url


@operation(
    Operation(
        method="GET",
        path="/openapi.json",
        name="readDescription",
        summary="This description, OpenAPI 3.1",
        group=GROUP,
        scope=None,
        answer="application/json",
    )
)
def openapi() -> Response:
    return jsonify(document(public_url()))


@operation(
    Operation(
        method="GET",
        path="/docs",
        name="readReference",
        summary="This description, for people",
        group=GROUP,
        scope=None,
        answer="text/html",
    )
)
def reference() -> Response:
    described = document(public_url())
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in OPERATIONS:
        groups.setdefault(each.group, []).append(_entry(each, described))
    page = render_template(
        "api/reference.html", url=f"{public_url()}/api/v1", info=described["info"], groups=groups
    )
    return Response(page, mimetype="text/html")


def _entry(each: Operation, described: dict[str, Any]) -> dict[str, Any]:
    operation = described["paths"][each.path][each.method.lower()]
    schemas = described["components"]["schemas"]
    answer = each.answer if isinstance(each.answer, str) else each.answer.__name__
    return {
        "method": each.method,
        "path": each.path,
        "name": each.name,
        "summary": each.summary,
        "description": each.description,
        "scope": each.scope.value if each.scope is not None else "",
        "parameters": operation.get("parameters", []),
        "fields": list(_fields(each.body.__name__, schemas)) if each.body is not None else [],
        "status": each.status,
        "answer": answer,
        "answer_fields": list(_fields(answer, schemas)),
        "codes": codes_of(each),
    }


Json = dict[str, Any]

_DEPTH_MAX: Final = 3


def _fields(
    name: str, schemas: Mapping[str, Any], prefix: str = "", depth: int = 0
) -> Iterator[Json]:
    """Yield every field of a model, those within others below them, as `recipient.phone`."""
    schema = schemas.get(name, {})
    for field, described in schema.get("properties", {}).items():
        inner = _named_in(described)
        yield {
            "name": f"{prefix}{field}",
            "type": _type_of(described, inner, schemas),
            "required": field in schema.get("required", []),
            "words": described.get("description", ""),
        }
        if inner in schemas and "enum" not in schemas[inner] and depth < _DEPTH_MAX:
            yield from _fields(inner, schemas, f"{prefix}{field}.", depth + 1)


def _named_in(described: Mapping[str, Any]) -> str:
    options = [described, described.get("items", {}), *described.get("anyOf", [])]
    refs = [each["$ref"] for each in options if "$ref" in each]
    return refs[0].rpartition("/")[2] if refs else ""


def _type_of(described: Mapping[str, Any], inner: str, schemas: Mapping[str, Any]) -> str:
    options = described.get("anyOf", [described])
    words = [_one_type(each, schemas) for each in options]
    text = " or ".join(dict.fromkeys(word for word in words if word))
    return text or inner


def _one_type(each: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "$ref" in each:
        name = each["$ref"].rpartition("/")[2]
        return _one_type(schemas[name], schemas)
    if "enum" in each:
        return " | ".join(str(value) for value in each["enum"])
    if each.get("type") == "array":
        return f"list of {_one_type(each.get('items', {}), schemas)}"
    return str(each.get("format") or each.get("type") or "")
