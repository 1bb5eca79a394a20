"""From another service's order to ours: which store, which door, which parts were wrong."""

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, ValidationError

from app.api.v1 import bodies
from app.api.v1.asking import InvalidInput, as_my_key, my_merchant
from app.api.v1.delivery_routes import new_delivery
from app.api.v1.once import once
from app.api.v1.operation import pointer
from app.deliveries import ordering
from app.deliveries.queries import Delivery
from app.domain.errors import DomainError
from app.domain.written_address import WrittenAddress, read_address
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.web.problems import said_of
from app.web.validation import Body


class Foreign(Body):
    """What another service takes: fields that we do not use are many, and ignored."""

    model_config = ConfigDict(extra="ignore", strict=False)


def store_for(*names: str) -> tuple[Store, Site]:
    """Return the store that an order leaves from: by its id or name, or the only one.

    Raises:
        DomainError: `store_unknown`.
    """
    mine = sites.stores_of_merchant(my_merchant())
    wanted = {name.strip().casefold() for name in names if name.strip()}
    found = [row for row in mine if {row.id, row.name.casefold()} & wanted]
    if len(mine) == 1:
        found = list(mine)
    if len(found) != 1:
        raise DomainError("store_unknown")
    return found[0], sites.sites_by_id({found[0].site_id})[found[0].site_id]


def door_of(line: str, site: Site) -> dict[str, Any]:
    """Return a written address as a door."""
    return door(read_address(line, known_city=site.city))


def door(address: WrittenAddress) -> dict[str, Any]:
    """Return an address as a door without a point."""
    return {
        "street": address.street,
        "unit": address.unit,
        "city": address.city,
        "postal_code": address.postal_code,
    }


def place(
    sent: Body, order: Mapping[str, Any], *, service: str, key: str, fields: Mapping[str, str]
) -> Delivery:
    """Order once per key of the other service; return the delivery, also that of a try before.

    Args:
        sent: What came, to tell another order under the same key.
        order: The same as fields of our own order.
        service: Whose way in it is.
        key: The name that is the same for every try.
        fields: Our fields' pointers as the other service names them, for refusals.

    Raises:
        InvalidInput: With the other service's names.
        DomainError: As the API's own orders.
    """
    try:
        body = bodies.CreateDelivery.model_validate(order)
    except ValidationError as error:
        raise InvalidInput("body", _in_their_names(error, fields)) from None
    merchant_id, act = my_merchant(), as_my_key()

    def effect() -> str:
        new = new_delivery(body, body.store_id, merchant_id)
        return ordering.place_order(new, store_id=body.store_id, act=act).id

    made, _is_new = once(sent, service, effect, given=f"{service} {key}")
    return ordering.own_delivery(made, merchant_id)


def _in_their_names(
    error: ValidationError, fields: Mapping[str, str]
) -> tuple[dict[str, str], ...]:
    found: list[dict[str, str]] = []
    for each in error.errors(include_url=False, include_input=False):
        place = pointer(each["loc"])
        found.append(
            {
                "loc": f"/{fields[place]}" if place in fields else place,
                "msg": said_of(each["type"], each.get("ctx", {})),
                "kind": each["type"],
            }
        )
    return tuple(found)
