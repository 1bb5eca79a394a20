"""Quotes: what a delivery costs and when it can be there."""

from app import clock
from app.api.v1 import bodies
from app.api.v1.asking import my_merchant
from app.api.v1.delivery_routes import point_of
from app.api.v1.once import in_transaction
from app.api.v1.operation import Operation, operation
from app.api.v1.present import quote_out
from app.api.v1.shapes import QuoteOut
from app.deliveries import ordering
from app.deliveries.ordering import Asked
from app.domain.api_key import Scope

GROUP = "Quotes"


@operation(
    Operation(
        method="POST",
        path="/quotes",
        name="createQuote",
        summary="Ask for price and window",
        description="Kept for 15 minutes and good for one order.",
        group=GROUP,
        scope=Scope.DELIVERIES_WRITE,
        body=bodies.CreateQuote,
        answer=QuoteOut,
        status=201,
        codes=("address_outside", "address_unknown", "store_closed"),
    )
)
def create_quote(body: bodies.CreateQuote) -> QuoteOut:
    merchant_id, now = my_merchant(), clock.now()

    def effect() -> str:
        _store, site = ordering.own_store(body.store_id, merchant_id)
        point = point_of(body.dropoff, site)
        asked = Asked(body.store_id, point, body.parcel_count, body.ready_at)
        return ordering.quote(asked, merchant_id=merchant_id, now=now).id

    return quote_out(ordering.own_quote(in_transaction(effect), merchant_id))


@operation(
    Operation(
        method="GET",
        path="/quotes/{quote_id}",
        name="readQuote",
        summary="Read a quote",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        answer=QuoteOut,
    )
)
def read_quote(quote_id: str) -> QuoteOut:
    return quote_out(ordering.own_quote(quote_id, my_merchant()))
