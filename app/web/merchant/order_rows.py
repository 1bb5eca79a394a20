"""Rows of an uploaded table as orders: what each cell means, and what is wrong with it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from pydantic import ValidationError

from app.api.v1.bodies import CreateDelivery
from app.deliveries import uploads
from app.deliveries.placing import REACH_M
from app.domain.geo import Point, distance_m
from app.domain.order_columns import is_yes, minor_units
from app.sites.addresses import search_key
from app.web.problems import said_of
from app.web.texts import N_
from app.web.texts import gettext as _

#: Of an order's place in the API's body: the column that it comes from.
_FIELD_OF: Final[Mapping[tuple[str, ...], str]] = {
    ("store_id",): "store",
    ("merchant_ref",): "merchant_ref",
    ("recipient", "name"): "name",
    ("recipient", "phone"): "phone",
    ("dropoff", "street"): "street",
    ("dropoff", "unit"): "unit",
    ("dropoff", "city"): "city",
    ("dropoff", "postal_code"): "postal_code",
    ("dropoff", "lat"): "lat",
    ("dropoff", "lon"): "lon",
    ("dropoff", "instructions"): "instructions",
    ("parcel_count",): "parcel_count",
    ("proof",): "proof",
    ("value_minor",): "value",
    ("tip_minor",): "tip",
}
_WORDS: Final = {
    "store": N_("This is none of your stores."),
    "phone": N_("Enter a phone number of 5 to 30 digits."),
    "lat": N_("Enter degrees such as 33.318, or nothing."),
    "lon": N_("Enter degrees such as -111.885, or nothing."),
    "postal_code": N_("Enter 2 to 12 letters and digits."),
    "parcel_count": N_("Enter a whole number from 1 to 20."),
    "proof": N_("Enter photo, pin or none."),
    "value": N_("Enter an amount such as 249.90, or nothing."),
    "tip": N_("Enter an amount such as 4.00, or nothing."),
}
#: What is wrong by field: pydantic's name for it, and its facts.
Wrong = Mapping[str, tuple[str, Mapping[str, Any]]]
#: Of stores that share a name so many are said: enough to see how it is meant.
_CALLED_MAX: Final = 5
_TWICE: Final = "twice"
_FAR: Final = "far"
#: The kind of a street that nobody knows here.
UNKNOWN: Final = "unknown"
_SEVERAL: Final = "several"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is, and which addresses are known around it."""

    point: Point
    known: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Stores:
    """How a merchant's stores may be called in a table, all in lower case.

    Attributes:
        ids: By id, by name and place, and by name where one store has it.
        shared: Of names that several have: how these are called.
        only: The id, where there is one store: rows need not name it.
    """

    ids: Mapping[str, str]
    shared: Mapping[str, str]
    only: str = ""

    @classmethod
    def called(cls, named: Sequence[tuple[str, str, str]]) -> Self:
        """Return how stores may be called, given `(id, name, name of the place)` of each."""
        names = Counter(name.lower() for _id, name, _place in named)
        whole = {store_id: f"{name}, {place}" for store_id, name, place in named}
        wholes = Counter(each.lower() for each in whole.values())
        ids = {store_id: store_id for store_id, _name, _place in named}
        ids |= {text.lower(): key for key, text in whole.items() if wholes[text.lower()] == 1}
        ids |= {name.lower(): key for key, name, _place in named if names[name.lower()] == 1}
        shared: dict[str, list[str]] = {}
        for key, name, _place in named:
            if names[name.lower()] > 1:
                shared.setdefault(name.lower(), []).append(whole[key])
        said = {name: " / ".join(each[:_CALLED_MAX]) for name, each in shared.items()}
        return cls(ids, said, named[0][0] if len(named) == 1 else "")


@dataclass(frozen=True, slots=True)
class Checked:
    """A row: its order, or what is wrong by field.

    Attributes:
        number: As spreadsheets count: the heading is 1.
        cells: As they stand in the table.
        merchant_ref: Empty for a bad row.
        order: As `uploads.start` wants it. A text: of a hundred thousand orders as objects the
            collector of unreachable ones would look at each again and again.
        wrong: None for a good row.
    """

    number: int
    cells: Sequence[str]
    merchant_ref: str = ""
    order: str = uploads.BAD
    wrong: Wrong | None = None

    @property
    def is_good(self) -> bool:
        """Whether it can be ordered."""
        return self.wrong is None

    def words(self) -> dict[str, str]:
        """Return what is wrong by field, in the reader's language."""
        return {
            name: _said(name, kind, facts) for name, (kind, facts) in (self.wrong or {}).items()
        }


def _said(name: str, kind: str, facts: Mapping[str, Any]) -> str:
    if kind == _TWICE:
        return _("This order number stands in a row above too.")
    if kind == _FAR:
        return _("This is too far from the store: we deliver within 10 mi.")
    if kind == UNKNOWN:
        return _("We do not know this address. Add columns with latitude and longitude.")
    if kind == _SEVERAL:
        return _("Several of your stores have this name. Write it with the place: {store}").format(
            store=facts["store"]
        )
    if name in _WORDS and kind != "missing":
        return _(_WORDS[name])
    return said_of(kind, facts)


def check_rows(
    rows: Sequence[Sequence[str]],
    columns: Mapping[str, int],
    stores: Stores,
    places: Mapping[str, Place],
) -> list[Checked]:
    """Return every row below the heading, checked. Reads nothing: fit for another thread.

    Args:
        rows: The heading first.
        columns: `{field: number of its column}`.
        stores: The merchant's.
        places: By store id.
    """
    seen: set[str] = set()
    checked: list[Checked] = []
    for number, cells in enumerate(rows[1:], start=2):
        told = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        try:
            body = CreateDelivery.model_validate_strings(_body(told, stores), strict=False)
        except ValidationError as error:
            wrong = _wrong(error)
            one_of_several = stores.shared.get(told.get("store", "").lower())
            if one_of_several is not None:
                wrong["store"] = (_SEVERAL, {"store": one_of_several})
            checked.append(Checked(number, cells, wrong=wrong))
            continue
        refused = _refused(body, seen, places[body.store_id])
        seen.add(body.merchant_ref)
        if refused is not None:
            checked.append(Checked(number, cells, wrong=refused))
        else:
            checked.append(Checked(number, cells, body.merchant_ref, body.model_dump_json()))
    return checked


def _refused(body: CreateDelivery, seen: Collection[str], place: Place) -> Wrong | None:
    """Return why ordering a row would be refused: it stands there twice, or its door is no good."""
    door = body.dropoff
    if body.merchant_ref in seen:
        return {"merchant_ref": (_TWICE, {})}
    if door.lat is None or door.lon is None:
        is_known = (search_key(door.street), door.postal_code) in place.known
        return None if is_known else {"street": (UNKNOWN, {})}
    away_m = distance_m(place.point, Point(door.lat, door.lon))
    return None if away_m <= REACH_M else {"lat": (_FAR, {})}


def written(rows: Sequence[Checked]) -> bytes:
    """Return checked rows as `uploads.start` wants them. As fit for another thread."""
    return "\n".join(each.order for each in rows).encode()


def _wrong(error: ValidationError) -> dict[str, tuple[str, Mapping[str, Any]]]:
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for each in error.errors(include_url=False, include_input=False):
        name = _FIELD_OF.get(tuple(str(part) for part in each["loc"]), "merchant_ref")
        found.setdefault(name, (each["type"], each.get("ctx", {})))
    return found


def _body(told: Mapping[str, str], stores: Stores) -> dict[str, Any]:
    """Return a row in the form of the API's body, as texts; an empty cell says nothing."""
    store = told.get("store", "").lower()
    store_id = stores.ids.get(store, "") if store else stores.only
    door = _given(told, ("street", "unit", "city", "postal_code", "lat", "lon", "instructions"))
    if told.get("leave_at_door"):
        door["leave_at_door"] = "true" if is_yes(told["leave_at_door"]) else "false"
    body: dict[str, Any] = {
        "store_id": store_id,
        **_given(told, ("merchant_ref", "parcel_count")),
        "recipient": _given(told, ("name", "phone")),
        "dropoff": door,
    }
    if told.get("proof"):
        body["proof"] = told["proof"].lower()
    for name in ("value", "tip"):
        if told.get(name):
            amount = minor_units(told[name])
            body[f"{name}_minor"] = str(amount) if amount is not None else told[name]
    return body


def _given(told: Mapping[str, str], names: Collection[str]) -> dict[str, Any]:
    return {name: told[name] for name in names if told.get(name)}
