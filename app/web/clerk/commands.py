"""Bodies of the desk's commands; the shapes are `frontend/clerk/api-commands.ts`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.accounts.clerks import WRONG_CODES_MAX
from app.deliveries.placing import NewDelivery
from app.domain.delivery import CancelReason, ProofKind
from app.domain.geo import Point
from app.domain.site import SHELF_MAX
from app.domain.vehicle import PARCEL_L, PARCEL_L_MAX
from app.runs.changing import Changes
from app.web.validation import CodeText, Command, Instant, Line, Name, Note, Phone, RequiredLine

Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
PostalCode = Annotated[RequiredLine, StringConstraints(min_length=2, max_length=12)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Ids = Annotated[list[RequiredLine], Field(min_length=1, max_length=100)]


class EnrolDesk(Command):
    """The code a manager shows, and the tablet's public key."""

    code: RequiredLine
    public_key: Annotated[str, StringConstraints(pattern=r"^04[0-9a-f]{128}$")]


class SignIn(Command):
    """A clerk's personal code."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class ReportWrongCodes(Command):
    """How many wrong codes were typed while the tablet had no signal."""

    count: Annotated[int, Field(ge=1, le=WRONG_CODES_MAX)]


class TakeIn(Command):
    """What was scanned on a parcel, or the carrier's code that was typed."""

    text: CodeText
    #: Of the carrier whose phone was scanned; a step that was kept before visits has none.
    visit_id: RequiredLine | None = None


class OpenVisit(Command):
    """What a carrier's phone shows."""

    text: CodeText


class Shelve(Command):
    """Where a parcel lies."""

    place: Annotated[RequiredLine, StringConstraints(max_length=SHELF_MAX)]


class _DoorCommand(Command):
    """Where somebody's door is."""

    street: RequiredLine
    unit: Line
    city: RequiredLine
    postal_code: PostalCode
    lat: Latitude
    lon: Longitude


class PlaceDelivery(_DoorCommand):
    """A delivery entered by hand."""

    merchant_ref: Line
    recipient_name: Name
    phone: Phone
    parcel_count: Annotated[int, Field(ge=1, le=20)]
    #: Room that each parcel needs; a form that was kept before sizes were asked has none.
    parcel_litres: Annotated[int, Field(ge=1, le=PARCEL_L_MAX)] = PARCEL_L
    ready_at: Instant
    window_from: Instant
    window_until: Instant
    instructions: Note
    leave_at_door: bool
    proof: Literal["photo", "pin", "none"]
    value_minor: Annotated[int, Field(ge=0, le=10_000_000)] | None
    carrier_ref: Line = ""

    def as_new_delivery(self) -> NewDelivery:
        """Return what the service takes."""
        fields = self.model_dump(exclude={"command_id", "occurred_at", "proof"})
        return NewDelivery(**fields, proof=ProofKind(self.proof))


class ChangeAddress(_DoorCommand):
    """Where an order goes that was typed with a wrong address."""

    def as_changes(self) -> Changes:
        """Return what the service takes."""
        return Changes(
            street=self.street,
            unit=self.unit,
            city=self.city,
            postal_code=self.postal_code,
            point=Point(self.lat, self.lon),
        )


class CancelDelivery(Command):
    """Why a delivery is cancelled: a code, and what the clerk adds for the record.

    A step that a tablet kept before there were codes has its reason in words.
    """

    reason: RequiredLine
    note: Note = ""

    @property
    def why(self) -> CancelReason:
        """The reason as the rules know it."""
        return CancelReason(self.reason) if self.is_coded else CancelReason.OTHER

    @property
    def words(self) -> str:
        """What stands in the record beside the reason."""
        return self.note if self.is_coded else self.reason

    @property
    def is_coded(self) -> bool:
        """Whether the reason is one of those that can be chosen."""
        return self.reason in set(CancelReason)


class ShowRelease(Command):
    """A release code that the screen shows now."""

    run_id: RequiredLine
    token: CodeText


class GiveParcels(Command):
    """The clerk's own statement that parcels were given."""

    run_id: RequiredLine
    delivery_ids: Ids
    nonces: Annotated[list[Nonce], Field(max_length=200)]


class TakeBack(Command):
    """The clerk's own statement that parcels are back."""

    run_id: RequiredLine
    delivery_ids: Ids
