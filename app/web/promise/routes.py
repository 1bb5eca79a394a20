"""Promises and product lists as data, and the script that shows promises in any shop."""

from typing import Annotated, Any, Final

from flask import Response, current_app, request
from flask_babel import force_locale  # pyright: ignore[reportUnknownVariableType]
from pydantic import Field, StringConstraints

from app import clock
from app.domain.errors import DomainError
from app.promise import queries
from app.web.assets import built_response
from app.web.limits import address, limited
from app.web.promise.frame import PostalCode, StoreId, language, shops
from app.web.promise.present import Reader, available_out, promise_out
from app.web.promise.recent import RecentAnswers
from app.web.validation import Body

#: A promise allows for answers that are a minute old; caches on the way get half of it, and ours
#: some seconds (MALL_PROMISE_CACHE_S).
_CACHING: Final = "public, max-age=30, s-maxage=30"
_SCRIPT_CACHING: Final = "public, max-age=3600"
SKUS_MAX: Final = 50

Sku = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class PromiseQuery(Body):
    """Which store, and where it is to go."""

    store: StoreId
    postal_code: PostalCode
    lang: str = ""


class ProductsQuery(PromiseQuery):
    """The same for some products, each as another `sku`."""

    sku: Annotated[list[Sku], Field(min_length=1, max_length=SKUS_MAX)]


@shops.get("/promise")
@limited("promise", by=address)
def promise() -> Response:
    query = PromiseQuery.model_validate(request.args.to_dict())
    reader, recent = Reader(clock.now(), language()), _recent()
    question = (query.store, query.postal_code, reader.language)
    answer = recent.get(question, reader.now)
    if answer is None:
        answer = _answer(query, reader)
        recent.keep(question, answer, reader.now)
    return cacheable(answer)


def _recent() -> RecentAnswers:
    recent: RecentAnswers = current_app.extensions["mallrun_recent_promises"]
    return recent


def _answer(query: PromiseQuery, reader: Reader) -> bytes:
    found = queries.asked([query.store], query.postal_code, now=reader.now)
    if not found:
        raise DomainError("not_found")
    with force_locale(str(reader.locale)):
        said = promise_out(found[0], query.postal_code, found[0].promise, reader)
    return json_bytes(said)


@shops.get("/promise/products")
@limited("promise", by=address)
def products() -> Response:
    """Tell which stores of a merchant have products today, those that bring them first first."""
    given = request.args.to_dict() | {"sku": request.args.getlist("sku")}
    query = ProductsQuery.model_validate(given)
    now = clock.now()
    skus = list(dict.fromkeys(query.sku))
    found = queries.available(query.store, query.postal_code, skus, now=now)
    if found is None:
        raise DomainError("not_found")
    reader = Reader(now, language())
    answer = {
        "postal_code": query.postal_code,
        "lang": reader.language,
        "products": [
            {
                "sku": sku,
                "today": bool(stores),
                "stores": [
                    available_out(each.asked, each.said, each.quantity, reader) for each in stores
                ],
            }
            for sku, stores in found.items()
        ],
    }
    return cacheable(json_bytes(answer))


@shops.get("/promise.js")
@limited("static", by=address)
def script() -> Response:
    return built_response("promise.js", caching=_SCRIPT_CACHING)


def json_bytes(value: dict[str, Any]) -> bytes:
    """Return an answer as it is sent."""
    return current_app.json.dumps(value).encode()


def cacheable(answer: bytes) -> Response:
    """Return JSON that caches may keep for everybody for a short while."""
    response = Response(answer, mimetype="application/json")
    response.headers["Cache-Control"] = _CACHING
    response.add_etag()
    response.make_conditional(request)
    return response
