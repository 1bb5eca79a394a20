"""Stores and their hours."""

from app import clock
from app.api.v1 import bodies
from app.api.v1.asking import my_merchant
from app.api.v1.once import in_transaction
from app.api.v1.operation import Operation, operation
from app.api.v1.present import WEEKDAYS, stores_out
from app.api.v1.shapes import StockOut, StoreList, StoreOut
from app.deliveries import ordering
from app.domain.api_key import Scope
from app.domain.opening import Opening
from app.promise import stock
from app.sites import hours as store_hours
from app.sites import queries as sites

GROUP = "Stores"


@operation(
    Operation(
        method="GET",
        path="/stores",
        name="listStores",
        summary="List your stores",
        group=GROUP,
        scope=Scope.STORES_READ,
        answer=StoreList,
    )
)
def list_stores() -> StoreList:
    return StoreList(stores=stores_out(sites.stores_of_merchant(my_merchant())))


@operation(
    Operation(
        method="GET",
        path="/stores/{store_id}",
        name="readStore",
        summary="Read a store",
        group=GROUP,
        scope=Scope.STORES_READ,
        answer=StoreOut,
    )
)
def read_store(store_id: str) -> StoreOut:
    store, _site = ordering.own_store(store_id, my_merchant())
    return stores_out([store])[0]


@operation(
    Operation(
        method="PUT",
        path="/stores/{store_id}/hours",
        name="setHours",
        summary="Set a store's hours",
        description="Quotes and windows follow them at once. Days that are left out are closed.",
        group=GROUP,
        scope=Scope.STORES_WRITE,
        body=bodies.SetHours,
        answer=StoreOut,
    )
)
def set_hours(store_id: str, body: bodies.SetHours) -> StoreOut:
    merchant_id = my_merchant()
    hours = {
        WEEKDAYS.index(each.weekday): Opening(minutes_of(each.opens), minutes_of(each.closes))
        for each in body.hours
    }

    def effect() -> None:
        store, _site = ordering.own_store(store_id, merchant_id)
        store_hours.set_hours(store.id, hours)

    in_transaction(effect)
    store, _site = ordering.own_store(store_id, merchant_id)
    return stores_out([store])[0]


@operation(
    Operation(
        method="PUT",
        path="/stores/{store_id}/stock",
        name="setStock",
        summary="Tell what a store has in stock",
        description="Shop pages see at once which store brings a product today. Send what has "
        "changed, at most 500 products at a time; of a product that comes twice the last counts.",
        group=GROUP,
        scope=Scope.STORES_WRITE,
        body=bodies.SetStock,
        answer=StockOut,
    )
)
def set_stock(store_id: str, body: bodies.SetStock) -> StockOut:
    merchant_id, now = my_merchant(), clock.now()
    quantities = {each.sku: each.quantity for each in body.items}

    def effect() -> None:
        store, _site = ordering.own_store(store_id, merchant_id)
        stock.tell(store.id, quantities, now=now)

    in_transaction(effect)
    return StockOut(store_id=store_id, told=len(quantities))


def minutes_of(text: str) -> int:
    """Return a clock's time as minutes after midnight."""
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
