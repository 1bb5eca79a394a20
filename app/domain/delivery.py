"""The life of a delivery: every legal move and who may make it, in one table.

Status names are the field's own (DoorDash Drive, Walmart GoLocal, Grubhub), so that adapters are
trivial.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.errors import DomainError


class DeliveryStatus(StrEnum):
    """Where a delivery stands; the values are stored and sent."""

    CREATED = "created"
    READY_FOR_PICKUP = "ready_for_pickup"
    ENROUTE_TO_PICKUP = "enroute_to_pickup"
    ARRIVED_AT_PICKUP = "arrived_at_pickup"
    PICKED_UP = "picked_up"
    ENROUTE_TO_DROPOFF = "enroute_to_dropoff"
    ARRIVED_AT_DROPOFF = "arrived_at_dropoff"
    DELIVERED = "delivered"
    ENROUTE_TO_RETURN = "enroute_to_return"
    ARRIVED_AT_RETURN = "arrived_at_return"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    LOST = "lost"


class Mover(StrEnum):
    """Who makes a move; `system` is a consequence of another move."""

    CLERK = "clerk"
    DRIVER = "driver"
    MERCHANT = "merchant"
    DISPATCHER = "dispatcher"
    SYSTEM = "system"


class ProofKind(StrEnum):
    """What the store wants at the door."""

    PHOTO = "photo"
    PIN = "pin"
    NONE = "none"


class CancelReason(StrEnum):
    """Why a delivery is cancelled; the values are stored and sent.

    What a person adds in their own words goes beside it and never reaches the customer.
    """

    OUT_OF_STOCK = "out_of_stock"
    DAMAGED = "damaged"
    CUSTOMER_ASKED = "customer_asked"
    NO_TIME = "no_time"
    MISTAKE = "mistake"
    #: The store enters the same order again, with another link.
    CORRECTED = "corrected"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Move:
    """One legal change of status."""

    before: DeliveryStatus
    after: DeliveryStatus
    by: frozenset[Mover]


def _move(before: DeliveryStatus, after: DeliveryStatus, *by: Mover) -> Move:
    return Move(before, after, frozenset(by))


_S = DeliveryStatus
_SHOP = (Mover.CLERK, Mover.MERCHANT, Mover.DISPATCHER)

MOVES: Final[tuple[Move, ...]] = (
    _move(_S.CREATED, _S.READY_FOR_PICKUP, Mover.CLERK, Mover.MERCHANT),
    # Marked packed too early.
    _move(_S.READY_FOR_PICKUP, _S.CREATED, Mover.CLERK),
    # A driver may be on the way before the store has packed; readiness is then only a time.
    _move(_S.CREATED, _S.ENROUTE_TO_PICKUP, Mover.DRIVER, Mover.DISPATCHER),
    _move(_S.READY_FOR_PICKUP, _S.ENROUTE_TO_PICKUP, Mover.DRIVER, Mover.DISPATCHER),
    # A released run gives its deliveries back; a store that is not ready lets him go without.
    _move(
        _S.ENROUTE_TO_PICKUP,
        _S.CREATED,
        Mover.DRIVER,
        Mover.CLERK,
        Mover.DISPATCHER,
        Mover.SYSTEM,
    ),
    _move(_S.ENROUTE_TO_PICKUP, _S.READY_FOR_PICKUP, Mover.DRIVER, Mover.DISPATCHER, Mover.SYSTEM),
    _move(
        _S.ARRIVED_AT_PICKUP,
        _S.CREATED,
        Mover.DRIVER,
        Mover.CLERK,
        Mover.DISPATCHER,
        Mover.SYSTEM,
    ),
    _move(_S.ARRIVED_AT_PICKUP, _S.READY_FOR_PICKUP, Mover.DRIVER, Mover.DISPATCHER, Mover.SYSTEM),
    _move(_S.ENROUTE_TO_PICKUP, _S.ARRIVED_AT_PICKUP, Mover.DRIVER),
    _move(_S.ENROUTE_TO_PICKUP, _S.PICKED_UP, Mover.DRIVER),
    _move(_S.ARRIVED_AT_PICKUP, _S.PICKED_UP, Mover.DRIVER),
    _move(_S.PICKED_UP, _S.ENROUTE_TO_DROPOFF, Mover.DRIVER, Mover.SYSTEM),
    _move(_S.ENROUTE_TO_DROPOFF, _S.ARRIVED_AT_DROPOFF, Mover.DRIVER),
    _move(_S.ENROUTE_TO_DROPOFF, _S.DELIVERED, Mover.DRIVER),
    _move(_S.ARRIVED_AT_DROPOFF, _S.DELIVERED, Mover.DRIVER),
    _move(_S.PICKED_UP, _S.ENROUTE_TO_RETURN, Mover.DRIVER, *_SHOP),
    _move(
        _S.ENROUTE_TO_DROPOFF,
        _S.ENROUTE_TO_RETURN,
        Mover.DRIVER,
        Mover.MERCHANT,
        Mover.DISPATCHER,
    ),
    _move(_S.ARRIVED_AT_DROPOFF, _S.ENROUTE_TO_RETURN, Mover.DRIVER, Mover.DISPATCHER),
    _move(_S.ENROUTE_TO_RETURN, _S.ARRIVED_AT_RETURN, Mover.DRIVER),
    _move(_S.ENROUTE_TO_RETURN, _S.RETURNED, Mover.DRIVER, Mover.CLERK),
    _move(_S.ARRIVED_AT_RETURN, _S.RETURNED, Mover.DRIVER, Mover.CLERK),
    _move(_S.CREATED, _S.CANCELLED, *_SHOP),
    _move(_S.READY_FOR_PICKUP, _S.CANCELLED, *_SHOP),
    _move(_S.ENROUTE_TO_PICKUP, _S.CANCELLED, *_SHOP),
    _move(_S.ARRIVED_AT_PICKUP, _S.CANCELLED, *_SHOP),
    _move(_S.PICKED_UP, _S.LOST, Mover.DISPATCHER),
    _move(_S.ENROUTE_TO_DROPOFF, _S.LOST, Mover.DISPATCHER),
    _move(_S.ARRIVED_AT_DROPOFF, _S.LOST, Mover.DISPATCHER),
    _move(_S.ENROUTE_TO_RETURN, _S.LOST, Mover.DISPATCHER),
)

_LEGAL: Final = {(move.before, move.after): move.by for move in MOVES}

ENDED: Final = frozenset({_S.DELIVERED, _S.RETURNED, _S.CANCELLED, _S.LOST})
#: The store still has the parcels: a cancellation ends the delivery at once.
WITH_STORE: Final = frozenset(
    {_S.CREATED, _S.READY_FOR_PICKUP, _S.ENROUTE_TO_PICKUP, _S.ARRIVED_AT_PICKUP}
)
#: The driver has the parcels.
WITH_DRIVER: Final = frozenset(
    {
        _S.PICKED_UP,
        _S.ENROUTE_TO_DROPOFF,
        _S.ARRIVED_AT_DROPOFF,
        _S.ENROUTE_TO_RETURN,
        _S.ARRIVED_AT_RETURN,
    }
)
#: Going towards the customer: PIN and code may be shown.
ON_THE_WAY: Final = frozenset({_S.ENROUTE_TO_DROPOFF, _S.ARRIVED_AT_DROPOFF})
#: Waiting for a run or a driver to come.
BEFORE_CLAIM: Final = frozenset({_S.CREATED, _S.READY_FOR_PICKUP})
COMING_BACK: Final = frozenset({_S.ENROUTE_TO_RETURN, _S.ARRIVED_AT_RETURN})

#: A tracking link and its proof photo live this long after the end.
LINK_LIFE: Final = timedelta(hours=24)
#: A driver sees street and unit this long after the end, then the area again.
DRIVER_SEES_ADDRESS: Final = timedelta(hours=2)
#: Texts on entry, in characters.
NAME_MAX: Final = 120
LINE_MAX: Final = 200
INSTRUCTIONS_MAX: Final = 500


def may_move(before: DeliveryStatus, after: DeliveryStatus, by: Mover) -> bool:
    """Tell whether a status may follow another by this mover's act."""
    return by in _LEGAL.get((before, after), frozenset())


def require_move(before: DeliveryStatus, after: DeliveryStatus, by: Mover) -> None:
    """Raise the refusal that explains an illegal move.

    Raises:
        DomainError: `delivery_closed` after the end, `delivery_not_cancellable` once collected,
            `delivery_cancelled` for a handoff of a cancelled delivery, else `stop_not_next`.
    """
    if may_move(before, after, by):
        return
    if before is _S.CANCELLED:
        raise DomainError("delivery_cancelled")
    if before in ENDED:
        raise DomainError("delivery_closed")
    if after is _S.CANCELLED:
        raise DomainError("delivery_not_cancellable")
    raise DomainError("stop_not_next")


def status_before_claim(*, is_packed: bool) -> DeliveryStatus:
    """Return the status of a delivery that waits for a driver."""
    return _S.READY_FOR_PICKUP if is_packed else _S.CREATED


def can_customer_change(status: DeliveryStatus) -> bool:
    """Tell whether instructions may still change: until the driver is at the door."""
    return status in WITH_STORE or status in {_S.PICKED_UP, _S.ENROUTE_TO_DROPOFF}


def is_pin_visible(status: DeliveryStatus, *, has_driver: bool, is_window_open: bool) -> bool:
    """Tell whether the customer sees PIN and code `C`.

    On the way, or from the window's start once a driver has the run.

    Source: handoff protocol MP1, "Delivery proof at the door": the driver may be without signal, so
    the server may not know yet that he is on the way.
    """
    if status in ON_THE_WAY:
        return True
    return has_driver and is_window_open and status not in ENDED and status not in COMING_BACK


def may_store_give_link(
    status: DeliveryStatus, *, is_by_hand: bool, has_driver: bool, is_window_open: bool
) -> bool:
    """Tell whether a new tracking link may be shown at the counter that typed the order.

    Whoever sees a link can open it, and a clerk must never see the customer's PIN: so only while
    the store has the parcels and the page shows neither PIN nor code `C`.
    """
    shows_pin = is_pin_visible(status, has_driver=has_driver, is_window_open=is_window_open)
    return is_by_hand and status in WITH_STORE and not shows_pin
