"""What merchants' programs get. Fields may be added; none is renamed or taken away in version 1."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from app.domain.delivery import CancelReason, DeliveryStatus
from app.domain.foreign_status import FOREIGN
from app.domain.webhooks import Payload, Trouble

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


def _said_by(name: str, words: str) -> FieldInfo:
    """Return how a status in another's words is described: which there are, and what it is for."""
    known = sorted({str(getattr(each, name)) for each in FOREIGN.values()})
    return Field(description=words, json_schema_extra={"enum": list(known)})


ShopifyStatus = Annotated[
    str, _said_by("shopify", "`status` as Shopify's `FulfillmentEventStatus`, for its fulfilments")
]
UberStatus = Annotated[str, _said_by("uber_direct", "`status` as Uber Direct says it")]
DoorDashStatus = Annotated[str, _said_by("doordash_drive", "`status` as DoorDash Drive says it")]


class Shape(BaseModel):
    """An answer: every field is always there, null where there is nothing to say."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Money(Shape):
    """An amount in minor units: 1250 USD is $12.50."""

    amount_minor: int
    currency: Annotated[str, Field(description="ISO 4217")]


class WindowOut(Shape):
    """From when until when."""

    from_: Annotated[Moment, Field(serialization_alias="from", validation_alias="from")]
    until: Moment


class PromisedOut(WindowOut):
    """From when until when it is promised, and until when it is planned."""

    planned_until: Annotated[
        Moment,
        Field(description="What we aim at: `until`, or before it where the order asked for that"),
    ]


class PersonOut(Shape):
    """To whom it goes; null once it was erased, 90 days after the end."""

    name: str
    phone: str


class DoorOut(Shape):
    """Where it goes; street, unit and instructions are empty once they were erased."""

    street: str
    unit: str
    city: str
    postal_code: str
    lat: float
    lon: float
    instructions: str
    leave_at_door: bool


class ParcelOut(Shape):
    """One parcel and who holds it."""

    number: int
    holder: Literal["carrier", "store", "driver", "customer"]
    held_since: Moment


class DriverOut(Shape):
    """Who brings it."""

    first_name: str
    vehicle: str


class DeliveryOut(Shape):
    """A delivery."""

    id: str
    mode: Literal["live", "test"]
    merchant_ref: str | None
    store_id: str
    status: DeliveryStatus
    shopify_status: ShopifyStatus
    uber_direct_status: UberStatus
    doordash_drive_status: DoorDashStatus
    price: Money | None
    recipient: PersonOut | None
    dropoff: DoorOut
    parcel_count: int
    ready_at: Moment
    window: PromisedOut
    proof: Literal["photo", "pin", "none"]
    value_minor: int | None
    tip_minor: int
    driver: DriverOut | None
    eta: Annotated[Moment | None, Field(description="When the driver is expected at the door")]
    evidence: Annotated[str | None, Field(description="Level E0 to E3 of the last handoff")]
    tracking_url: Annotated[str, Field(description="For the customer; whoever has it may look")]
    pin: Annotated[
        str | None,
        Field(description="Only for keys with the scope pin:read, while the delivery is open"),
    ]
    created_at: Moment
    picked_up_at: Moment | None
    ended_at: Moment | None
    cancel_reason: Annotated[
        CancelReason | None,
        Field(description="What the customer was told; null unless it was cancelled for a reason"),
    ]
    sequence: Annotated[int, Field(description="Number of the newest event, from 0")]
    head: Annotated[str, Field(description="Head of the custody chain, hex")]


class DeliveryPage(Shape):
    """Deliveries, newest first."""

    deliveries: list[DeliveryOut]
    next_cursor: Annotated[
        str | None, Field(description="Send it as `cursor` for what follows; null at the end")
    ]


class QuoteOut(Shape):
    """A price and a window, kept until `expires_at`."""

    id: str
    store_id: str
    price: Money
    parcel_count: int
    ready_at: Moment
    window: WindowOut
    created_at: Moment
    expires_at: Moment
    delivery_id: Annotated[str | None, Field(description="What was ordered with it")]


class HandOut(Shape):
    """The parcels changed hands."""

    giver: Literal["carrier", "store", "driver", "customer"]
    taker: Literal["carrier", "store", "driver", "customer"]
    driver: Annotated[str, Field(description="First name")]
    evidence: Annotated[str, Field(description="What showed it, for example release_code")]
    level: Annotated[str, Field(description="E0, a word, to E3, both sides")]
    at: Moment


class FailedTryOut(Shape):
    """The parcels stayed where they were."""

    reason: str
    at: Moment


class CustodyOut(Shape):
    """Through whose hands the parcels went."""

    delivery_id: str
    handle: Annotated[str, Field(description="The delivery's name in its records")]
    sequence: int
    head: str
    parcels: list[ParcelOut]
    hands: list[HandOut]
    failed_tries: list[FailedTryOut]


class LogProof(Shape):
    """A proof that the history is whole; `verify_proof.py` checks it without asking anybody."""

    v: int
    delivery: str
    server_keys: list[dict[str, Any]]
    devices: list[dict[str, Any]]
    checkpoint: dict[str, Any] | None
    earlier: dict[str, Any] | None
    events: list[dict[str, Any]]


class MarkupOut(Shape):
    """A delivery as schema.org's ParcelDelivery."""

    html: Annotated[str, Field(description="A block for the HTML of your e-mail, as it is")]
    document: Annotated[dict[str, Any], Field(description="The same as JSON-LD")]


class HoursOut(Shape):
    """One day of the week."""

    weekday: str
    opens: str
    closes: str


class StoreOut(Shape):
    """A store of yours."""

    id: str
    name: str
    site: str
    city: str
    timezone: str
    currency: str
    lat: float
    lon: float
    hours: list[HoursOut]


class StoreList(Shape):
    """Your stores, by name."""

    stores: list[StoreOut]


class SimulationOut(Shape):
    """A walk that has begun."""

    delivery_id: str
    outcome: DeliveryStatus
    pace_s: int


class WebhookOut(Shape):
    """Where you hear of events."""

    id: str
    url: str
    payload: Payload
    types: Annotated[list[str], Field(description="Empty for all")]
    is_verified: Annotated[bool, Field(description="Nothing is sent before")]
    trouble: Annotated[
        Trouble | None, Field(description="Why nothing is sent, until it is verified again")
    ]
    failing_since: Moment | None
    created_at: Moment
    old_secret_until: Annotated[Moment | None, Field(description="Two secrets sign until then")]
    secret: Annotated[
        str | None, Field(description="whsec_…, only in the answer that made it; keep it")
    ]


class WebhookList(Shape):
    """Your webhooks."""

    webhooks: list[WebhookOut]


class ReplayOut(Shape):
    """How much is sent again."""

    messages: int


class AttemptOut(Shape):
    """One try."""

    id: str
    message_id: Annotated[str, Field(description="webhook-id, the same for every try")]
    type: str
    number: int
    at: Moment
    duration_ms: int
    request: Annotated[str, Field(description="Headers and body as sent")]
    status: Annotated[int | None, Field(description="Of the answer; null when there was none")]
    answer: Annotated[str, Field(description="The first kilobyte")]
    error: Annotated[
        str,
        Field(
            description="refused, refused_address, timeout, no_connection, no_certificate or "
            "no_answer; empty for success"
        ),
    ]


class AttemptPage(Shape):
    """Tries, newest first."""

    attempts: list[AttemptOut]
    next_cursor: str | None


class StockOut(Shape):
    """What was taken note of."""

    store_id: str
    told: Annotated[int, Field(description="Products whose quantity was noted")]


class FieldError(BaseModel):
    """A value that needs to be another one."""

    in_: Annotated[Literal["body", "query", "path"], Field(serialization_alias="in", alias="in")]
    loc: Annotated[str, Field(description="JSON pointer, for example /recipient/phone")]
    msg: str


class ProblemOut(BaseModel):
    """Why something was refused (RFC 9457). `code` is stable; the words are for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    status: int
    code: str
    title: str
    detail: str
    next_step: str
    instance: str
    errors: list[FieldError] | None = None
