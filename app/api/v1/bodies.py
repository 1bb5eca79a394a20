"""What merchants' programs send. Unknown fields are refused, so that none is lost unnoticed."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from app.domain.delivery import CancelReason, DeliveryStatus
from app.domain.events import EventType
from app.domain.webhooks import Payload
from app.web.validation import Body, Instant, Line, Name, Note, Phone, RequiredLine


def _whole(value: object) -> object:
    """Take 3.0 for 3, as JSON Schema does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _real(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


Whole = BeforeValidator(_whole)
Count = Annotated[int, Whole, Field(ge=1, le=20)]
Minor = Annotated[int, Whole, Field(ge=0, le=10_000_000)]
Latitude = Annotated[float, BeforeValidator(_real), Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, BeforeValidator(_real), Field(ge=-180, le=180, allow_inf_nan=False)]
PostalCode = Annotated[RequiredLine, StringConstraints(min_length=2, max_length=12)]
StoreId = Annotated[str, StringConstraints(pattern=r"^str_[a-z2-7]{26}$")]
QuoteId = Annotated[str, StringConstraints(pattern=r"^quo_[a-z2-7]{26}$")]
Reference = Annotated[RequiredLine, StringConstraints(max_length=100)]
Proof = Literal["photo", "pin", "none"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
ClosingTime = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class Door(Body):
    """Where a delivery goes.

    Without `lat` and `lon` the address is looked up among those known near the store.
    """

    street: Annotated[RequiredLine, Field(examples=["123 N Dobson Rd"])]
    unit: Line = ""
    city: Annotated[RequiredLine, Field(examples=["Chandler"])]
    postal_code: Annotated[PostalCode, Field(examples=["85224"])]
    lat: Latitude | None = None
    lon: Longitude | None = None
    instructions: Note = ""
    leave_at_door: bool = False


class Person(Body):
    """To whom it goes."""

    name: Annotated[Name, Field(examples=["Cleo Cruz"])]
    phone: Annotated[Phone, Field(examples=["+1 480 555 0101"])]


class Window(Body):
    """From when until when it is wanted at the door.

    `until` is what the customer is told. With `planned_until` we aim at an earlier moment, so that
    a slow road breaks no promise.
    """

    from_: Annotated[Instant, Field(alias="from")]
    until: Instant
    planned_until: Instant | None = None

    @model_validator(mode="after")
    def _is_planned_within(self) -> "Window":
        planned = self.planned_until
        if planned is not None and not self.from_ < planned <= self.until:
            message = "planned_until lies after from and not after until"
            raise ValueError(message)
        return self

    @property
    def promised_until(self) -> Instant | None:
        """What the customer is told, where it is not what we aim at."""
        return self.until if self.planned_until is not None else None


class CreateQuote(Body):
    """Ask what a delivery costs and when it can be there."""

    store_id: StoreId
    dropoff: Door
    parcel_count: Count = 1
    ready_at: Instant | None = None


class CreateDelivery(Body):
    """Order a delivery.

    With `quote`, price and window are those of the quote. Without it, `window` or the next one that
    the store's hours allow.
    """

    store_id: StoreId
    merchant_ref: Annotated[Reference, Field(examples=["order-1001"])]
    quote: QuoteId | None = None
    recipient: Person
    dropoff: Door
    parcel_count: Count = 1
    ready_at: Instant | None = None
    window: Window | None = None
    proof: Proof = "photo"
    value_minor: Minor | None = None
    tip_minor: Minor = 0


class ChangePerson(Body):
    """What to change of the recipient."""

    name: Name | None = None
    phone: Phone | None = None


class ChangeDoor(Body):
    """What to change of the door. A new street needs its city, postal code and point too."""

    street: RequiredLine | None = None
    unit: Line | None = None
    city: RequiredLine | None = None
    postal_code: PostalCode | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    instructions: Note | None = None
    leave_at_door: bool | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "ChangeDoor":
        address = (self.street, self.city, self.postal_code, self.lat, self.lon)
        if any(each is not None for each in address) and None in address:
            message = "an address changes as a whole"
            raise ValueError(message)
        return self


class ChangeDelivery(Body):
    """Change what is named; the rest stays. Until the pickup; address and window until a driver."""

    recipient: ChangePerson | None = None
    dropoff: ChangeDoor | None = None
    ready_at: Instant | None = None
    window: Window | None = None
    proof: Proof | None = None
    value_minor: Minor | None = None


class Because(Body):
    """Why, in a few words; the store and the driver may read it."""

    reason: Annotated[RequiredLine, Field(examples=["Customer changed their mind"])]


class CancelDelivery(Body):
    """Why it is cancelled: by a code, in a few words, or both.

    The customer is told what the code means; the store may read the words, the customer never.
    """

    reason: Annotated[RequiredLine | None, Field(examples=["Customer changed their mind"])] = None
    code: Annotated[CancelReason | None, Field(examples=["customer_asked"])] = None

    @model_validator(mode="after")
    def _says_why(self) -> "CancelDelivery":
        if self.reason is None and self.code is None:
            message = "a code or a reason"
            raise ValueError(message)
        return self


class OpeningHours(Body):
    """One day of the week, by the store's clock."""

    weekday: Weekday
    opens: Annotated[ClockTime, Field(examples=["10:00"])]
    closes: Annotated[ClosingTime, Field(examples=["21:00"])]


class StockItem(Body):
    """How many of a product the store has; 0 for none."""

    sku: Annotated[Reference, Field(examples=["LAMP-01"])]
    quantity: Annotated[int, Whole, Field(ge=0, le=1_000_000)]


class SetStock(Body):
    """What is in stock of some products; those that are left out stay as they were."""

    items: Annotated[list[StockItem], Field(min_length=1, max_length=500)]


class SetHours(Body):
    """The week's hours; days that are left out are closed."""

    hours: Annotated[list[OpeningHours], Field(min_length=1, max_length=7)]

    @model_validator(mode="after")
    def _is_a_week(self) -> "SetHours":
        days = [each.weekday for each in self.hours]
        if len(set(days)) < len(days) or any(each.opens >= each.closes for each in self.hours):
            message = "each day once, and open before it closes"
            raise ValueError(message)
        return self


class Simulate(Body):
    """Walk a test delivery to an outcome, one step every `pace_s` seconds."""

    outcome: Literal[
        DeliveryStatus.READY_FOR_PICKUP,
        DeliveryStatus.ENROUTE_TO_PICKUP,
        DeliveryStatus.ARRIVED_AT_PICKUP,
        DeliveryStatus.ENROUTE_TO_DROPOFF,
        DeliveryStatus.ARRIVED_AT_DROPOFF,
        DeliveryStatus.DELIVERED,
        DeliveryStatus.ENROUTE_TO_RETURN,
        DeliveryStatus.RETURNED,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.LOST,
    ]
    pace_s: Annotated[int, Whole, Field(ge=0, le=60)] = 1


class ListDeliveries(Body):
    """Which deliveries, newest first."""

    limit: Annotated[int, Field(ge=1, le=100)] = 25
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")] | None = None
    merchant_ref: Reference | None = None


class OneParcel(Body):
    """Which parcel's label."""

    parcel: Annotated[int, Field(ge=1, le=20)] = 1


class SinceAnchor(Body):
    """A checkpoint that the caller holds, named by its anchor."""

    anchor: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] | None = None


class CreateWebhook(Body):
    """Where you want to hear of events. Without `types`, of all."""

    url: Annotated[
        str, StringConstraints(max_length=500), Field(examples=["https://shop.example/mallrun"])
    ]
    payload: Payload = Payload.FULL
    types: Annotated[list[EventType], Field(max_length=50, default_factory=list)]


class Replay(Body):
    """What to send again: one message, or everything of a time."""

    message_id: Annotated[str, StringConstraints(pattern=r"^msg_[a-z0-9]{26,32}$")] | None = None
    since: Instant | None = None
    until: Instant | None = None

    @model_validator(mode="after")
    def _is_one_or_a_span(self) -> "Replay":
        is_span = self.since is not None and self.until is not None
        if (self.message_id is None) is not is_span or (self.since is None) is not (
            self.until is None
        ):
            message = "either message_id, or since and until"
            raise ValueError(message)
        return self


class ListAttempts(Body):
    """Which tries, newest first."""

    limit: Annotated[int, Field(ge=1, le=100)] = 25
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")] | None = None
