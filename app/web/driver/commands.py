"""Bodies of the driver's commands; the shapes are `frontend/driver/api.ts`."""

import json
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.accounts.people import Shift
from app.domain.push import ADDRESS_MAX
from app.domain.run import FailReason, ReleaseReason
from app.domain.vehicle import VehicleClass
from app.web.validation import (
    Body,
    CodeText,
    Command,
    Instant,
    Line,
    Note,
    PositionBody,
    RequiredLine,
)


class EnrolPhone(Command):
    """A phone's public key, with its signature over the server's challenge."""

    public_key: Annotated[str, StringConstraints(pattern=r"^04[0-9a-f]{128}$")]
    challenge: RequiredLine
    signature: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{86}$")]


PushAddress = Annotated[str, StringConstraints(pattern=r"^https://[!-~]+$", max_length=ADDRESS_MAX)]


class TakePushes(Command):
    """Where and how this browser takes messages: `PushSubscription.toJSON()` of the Push API."""

    address: PushAddress
    public_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}$")]
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]


class EndPushes(Command):
    """Which browser takes no more messages."""

    address: PushAddress


VehicleName = Literal["bike", "car", "suv", "van"]


class SetDuty(Command):
    """On or off duty; until when, with what and from where, as far as the phone says."""

    on_duty: bool
    site_id: Line | None
    shift_until: Instant | None = None
    vehicle_class: VehicleName | None = None
    position: PositionBody | None = None

    @property
    def shift(self) -> Shift:
        """The shift as the rules know it."""
        return _shift(self.shift_until, self.vehicle_class)


class ChangeShift(Command):
    """Another end of the shift, or another vehicle."""

    shift_until: Instant | None
    vehicle_class: VehicleName

    @property
    def shift(self) -> Shift:
        """The shift as the rules know it."""
        return _shift(self.shift_until, self.vehicle_class)


def _shift(until: datetime | None, vehicle: str | None) -> Shift:
    return Shift(until, VehicleClass(vehicle) if vehicle is not None else None)


class AskForRun(Command):
    """A wish for a run on offer, and where the phone is."""

    position: PositionBody | None


class ReleaseRun(Command):
    """Giving a run back."""

    reason: Literal["vehicle_problem", "too_long_wait", "emergency", "mistake", "other"]
    note: Note

    @property
    def why(self) -> ReleaseReason:
        """The reason as the rules know it."""
        return ReleaseReason(self.reason)


class ArriveAtStop(Command):
    """At a store or a door."""

    position: PositionBody | None


class ReleaseCode(Body):
    """The scanned code `R`."""

    kind: Literal["release_code"]
    text: CodeText


class ShortCode(Body):
    """Six typed characters."""

    kind: Literal["short_code"]
    text: Line


class Assertion(Body):
    """The driver's word alone."""

    kind: Literal["assertion"]
    reason: RequiredLine


class CollectParcels(Command):
    """Parcels taken at a store."""

    epoch: Annotated[int, Field(ge=0)]
    evidence: Annotated[ReleaseCode | ShortCode | Assertion, Field(discriminator="kind")]
    position: PositionBody | None


class CustomerCodeShown(Body):
    """The scanned code `C`."""

    kind: Literal["customer_code"]
    text: CodeText


class PinTold(Body):
    """The six digits that the customer said."""

    kind: Literal["pin"]
    pin: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class PhotoTaken(Body):
    """A photo that was sent before."""

    kind: Literal["photo"]
    photo_id: RequiredLine


class NothingShown(Body):
    """No proof was asked for."""

    kind: Literal["none"]


class DeliverParcels(Command):
    """Parcels handed over at a door."""

    epoch: Annotated[int, Field(ge=0)]
    evidence: Annotated[
        CustomerCodeShown | PinTold | PhotoTaken | NothingShown, Field(discriminator="kind")
    ]
    position: PositionBody | None


class FailDropoff(Command):
    """A door where the parcels could not be handed over."""

    epoch: Annotated[int, Field(ge=0)]
    reason: Literal["nobody_home", "wrong_address", "refused", "damaged", "unsafe", "other"]
    note: Note

    @property
    def why(self) -> FailReason:
        """The reason as the rules know it."""
        return FailReason(self.reason)


class ReturnParcels(Command):
    """Parcels given back at the store."""

    epoch: Annotated[int, Field(ge=0)]
    evidence: Annotated[ShortCode | Assertion, Field(discriminator="kind")]


class FixBody(PositionBody):
    """One GPS fix."""

    heading_deg: Annotated[float, Field(ge=0, le=360)] | None
    speed_mps: Annotated[float, Field(ge=0, le=200)] | None
    at: Instant


class ReportPositions(Body):
    """The fixes since the last report."""

    fixes: Annotated[list[FixBody], Field(min_length=1, max_length=50)]


class KeepPhoto(Command):
    """The fields that travel beside a photo."""

    delivery_id: RequiredLine


def as_json(fields: dict[str, str]) -> str:
    """Return form fields as the JSON text that strict models read."""
    return json.dumps(fields)
