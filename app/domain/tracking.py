"""What the tracking page may know about one delivery. What is not allowed is already None."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.delivery import CancelReason, DeliveryStatus, Mover
from app.domain.eta import DEFAULT_SPREAD, Spread
from app.domain.events import EventType
from app.domain.run import FailReason, StopKind
from app.domain.site import SiteKind


@dataclass(frozen=True, slots=True)
class SeenFix:
    """Where the driver was: rounded, and only while the position rule allows it."""

    lat: float
    lon: float
    accuracy_m: float
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownProof:
    """How the delivery was confirmed at the door.

    Args:
        evidence: photo, pin, customer_code, assertion or none, as the handoff has it.
        has_photo: Whether a photo can be fetched.
    """

    evidence: str
    at: datetime
    has_photo: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event that a customer is told of; `stop` tells an arrival at the store from one here."""

    type: EventType
    at: datetime
    stop: StopKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingView:
    """One delivery for the holder of its link, at one instant."""

    rev: str
    timezone: str
    status: DeliveryStatus
    parcel_count: int
    window_from: datetime
    window_until: datetime
    store_name: str
    store_lat: float
    store_lon: float
    #: The door.
    lat: float
    lon: float
    instructions: str
    leave_at_door: bool
    can_change: bool
    #: Where it goes, masked; empty once it is erased.
    address: str
    timeline: tuple[TimelineEntry, ...]
    #: While a driver holds the run, and afterwards who brought it.
    driver_first_name: str | None = None
    driver_vehicle: str = ""
    #: Best guess of the arrival at the door, while a driver holds the run.
    eta: datetime | None = None
    #: Stops of any kind that the driver serves first, and how sure the guess is.
    stops_ahead: int = 0
    spread: Spread = DEFAULT_SPREAD
    #: Drop-offs served before this one; None when not on the way.
    stops_before: int | None = None
    #: The position rule holds, whether or not there is a fix young enough.
    is_position_allowed: bool = False
    fix: SeenFix | None = None
    #: None unless `is_pin_visible`; code C is shown together with it.
    pin: str | None = None
    #: The store wants the PIN (or code C) at the door.
    is_pin_wanted: bool = False
    #: Entered wrongly too often: the PIN opens nothing any more, code C still does.
    is_pin_locked: bool = False
    proof: ShownProof | None = None
    ended_at: datetime | None = None
    #: Why the driver turned back.
    fail_reason: FailReason | None = None
    cancelled_by: Mover | None = None
    #: None also for what was cancelled before there were reasons to choose from.
    cancel_reason: CancelReason | None = None
    #: Where the parcels start: at a hub and a station a carrier brings them in first.
    site_kind: SiteKind = SiteKind.MALL
    #: A carrier still has some of the parcels.
    is_with_carrier: bool = False
