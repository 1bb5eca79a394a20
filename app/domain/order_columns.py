"""Which column of a table holds what: by its heading, as shops and spreadsheets call it."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

#: What an order can say, in the order in which it is asked; True for what it must say.
FIELDS: Final[Mapping[str, bool]] = {
    "merchant_ref": True,
    "store": False,
    "name": True,
    "phone": True,
    "street": True,
    "unit": False,
    "city": True,
    "postal_code": True,
    "lat": False,
    "lon": False,
    "parcel_count": False,
    "instructions": False,
    "leave_at_door": False,
    "proof": False,
    "value": False,
    "tip": False,
}
_CALLED: Final[Mapping[str, frozenset[str]]] = {
    "merchant_ref": frozenset(
        {"order", "orderid", "orderno", "ordernumber", "reference", "ref", "pedido", "externalid"}
    ),
    "store": frozenset({"shop", "storename", "storeid", "tienda", "pickup", "location"}),
    "name": frozenset(
        {
            "recipient",
            "recipientname",
            "customer",
            "customername",
            "fullname",
            "shippingname",
            "nombre",
            "cliente",
            "dropoffname",
        }
    ),
    "phone": frozenset(
        {
            "phonenumber",
            "telephone",
            "mobile",
            "tel",
            "telefono",
            "shippingphone",
            "dropoffphonenumber",
        }
    ),
    "street": frozenset(
        {
            "address",
            "address1",
            "streetaddress",
            "shippingstreet",
            "shippingaddress1",
            "direccion",
            "calle",
            "dropoffaddress",
        }
    ),
    "unit": frozenset({"address2", "apt", "apartment", "suite", "shippingaddress2", "piso"}),
    "city": frozenset({"town", "shippingcity", "ciudad"}),
    "postal_code": frozenset(
        {"zip", "zipcode", "postcode", "postalcode", "shippingzip", "codigopostal"}
    ),
    "lat": frozenset({"latitude", "latitud"}),
    "lon": frozenset({"lng", "long", "longitude", "longitud"}),
    "parcel_count": frozenset({"parcels", "packages", "boxes", "quantity", "paquetes"}),
    "instructions": frozenset({"note", "notes", "deliverynotes", "instrucciones", "comments"}),
    "leave_at_door": frozenset({"leaveatdoor", "leave"}),
    "proof": frozenset({"proofofdelivery", "pod", "prueba"}),
    "value": frozenset({"total", "ordervalue", "amount", "subtotal", "valor"}),
    "tip": frozenset({"tips", "propina"}),
}
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_YES: Final = frozenset({"1", "yes", "y", "true", "x", "si", "s\u00ed"})
_MOST_MINOR: Final = 10_000_000


def match_columns(headings: Sequence[str]) -> dict[str, int]:
    """Return `{field: number of its column}` for what the headings tell; each column once."""
    found: dict[str, int] = {}
    plain = [_NOT_LETTERS.sub("", heading.lower()) for heading in headings]
    for field in FIELDS:
        names = {field.replace("_", ""), *_CALLED[field]}
        for number, heading in enumerate(plain):
            if heading in names and number not in found.values():
                found[field] = number
                break
    return found


def missing(columns: Mapping[str, int]) -> list[str]:
    """Return the fields that an order must have and that no column is chosen for."""
    return [field for field, is_needed in FIELDS.items() if is_needed and field not in columns]


def is_yes(text: str) -> bool:
    """Tell whether a cell means yes."""
    return text.strip().lower() in _YES


def minor_units(text: str) -> int | None:
    """Return an amount such as `$1,249.90` in minor units; None for one that is none."""
    plain = text.strip().lstrip("$\u20ac\u00a3").replace(" ", "")
    if re.fullmatch(r"[0-9]+,[0-9]{2}", plain):
        plain = plain.replace(",", ".")
    try:
        amount = Decimal(plain.replace(",", "")) * 100
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != int(amount) or not 0 <= amount <= _MOST_MINOR:
        return None
    return int(amount)
