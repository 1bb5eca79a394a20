"""What the tracking page says: which step a delivery is at, which answer and which sentences.

Here are only the decisions, as message ids; `app/web/customer/words.py` puts them into words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.delivery import (
    BEFORE_CLAIM,
    COMING_BACK,
    ENDED,
    CancelReason,
    DeliveryStatus,
    Mover,
)
from app.domain.eta import arrival_window
from app.domain.site import INBOUND, SiteKind
from app.domain.tracking import TrackingView

_S = DeliveryStatus


class Step(StrEnum):
    """The ladder of the page, in order."""

    PLACED = "placed"
    ASSIGNED = "assigned"
    COLLECTED = "collected"
    ON_THE_WAY = "on_the_way"
    DELIVERED = "delivered"


LADDER: Final = tuple(Step)

_STEPS: Final[dict[DeliveryStatus, Step]] = {
    _S.CREATED: Step.PLACED,
    _S.READY_FOR_PICKUP: Step.PLACED,
    _S.ENROUTE_TO_PICKUP: Step.ASSIGNED,
    _S.ARRIVED_AT_PICKUP: Step.ASSIGNED,
    _S.PICKED_UP: Step.COLLECTED,
    _S.ENROUTE_TO_DROPOFF: Step.ON_THE_WAY,
    _S.ARRIVED_AT_DROPOFF: Step.ON_THE_WAY,
    # Ended otherwise: the page shows no ladder then.
    **dict.fromkeys((*ENDED, *COMING_BACK), Step.DELIVERED),
}


class Headline(StrEnum):
    """The answer, first line of the page."""

    PROMISED = "promised"
    LATE = "late"
    ARRIVING = "arriving"
    ARRIVING_NOW = "arriving_now"
    AT_DOOR = "at_door"
    DELIVERED = "delivered"
    COMING_BACK = "coming_back"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    CANCELLED_BY_STORE = "cancelled_by_store"
    LOST = "lost"


class Sentence(StrEnum):
    """What is happening, and what the customer does about it."""

    PACKING = "packing"
    COMING_IN = "coming_in"
    AT_HUB = "at_hub"
    AT_STATION = "at_station"
    WAITING_FOR_DRIVER = "waiting_for_driver"
    DRIVING_TO_STORE = "driving_to_store"
    AT_STORE = "at_store"
    COLLECTED = "collected"
    ON_THE_WAY = "on_the_way"
    NEXT_STOP = "next_stop"
    STOPS_BEFORE = "stops_before"
    LATE = "late"
    LATE_NO_DRIVER = "late_no_driver"
    EARLY_AT_DOOR = "early_at_door"
    EARLY_LEAVES_AT_DOOR = "early_leaves_at_door"
    SHOW_CODE = "show_code"
    COME_TO_DOOR = "come_to_door"
    HAVE_PIN_READY = "have_pin_ready"
    HAVE_CODE_READY = "have_code_ready"
    LEAVES_AT_DOOR = "leaves_at_door"
    DELIVERED = "delivered"
    COULD_NOT_HAND_OVER = "could_not_hand_over"
    TURNED_BACK = "turned_back"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    NOT_IN_STOCK = "not_in_stock"
    DAMAGED_AT_STORE = "damaged_at_store"
    YOU_ASKED = "you_asked"
    NOT_IN_TIME = "not_in_time"
    BY_MISTAKE = "by_mistake"
    ENTERED_AGAIN = "entered_again"
    LOST = "lost"
    ASK_STORE = "ask_store"
    ASK_FOR_OTHERS = "ask_for_others"
    ASK_FOR_LATER = "ask_for_later"


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant until another."""

    start: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says now. `arrival` follows the guess, not the promise."""

    step: Step
    headline: Headline
    sentences: tuple[Sentence, ...]
    arrival: Span | None = None
    is_final: bool = False


#: Nearer than this is "any minute".
ANY_MINUTE: Final = timedelta(minutes=2)

_SENTENCES: Final[dict[DeliveryStatus, tuple[Sentence, ...]]] = {
    _S.CREATED: (Sentence.PACKING,),
    _S.READY_FOR_PICKUP: (Sentence.WAITING_FOR_DRIVER,),
    _S.ENROUTE_TO_PICKUP: (Sentence.DRIVING_TO_STORE,),
    _S.ARRIVED_AT_PICKUP: (Sentence.AT_STORE,),
    _S.PICKED_UP: (Sentence.COLLECTED,),
    _S.DELIVERED: (Sentence.DELIVERED,),
    _S.RETURNED: (Sentence.RETURNED, Sentence.ASK_STORE),
    _S.LOST: (Sentence.LOST, Sentence.ASK_STORE),
}

#: Why it was cancelled, and what to do about that; for the rest there is only whom to ask.
_CANCELLED_FOR: Final[dict[CancelReason | None, tuple[Sentence, ...]]] = {
    CancelReason.OUT_OF_STOCK: (Sentence.NOT_IN_STOCK, Sentence.ASK_FOR_OTHERS),
    CancelReason.DAMAGED: (Sentence.DAMAGED_AT_STORE, Sentence.ASK_FOR_OTHERS),
    CancelReason.CUSTOMER_ASKED: (Sentence.YOU_ASKED,),
    CancelReason.NO_TIME: (Sentence.NOT_IN_TIME, Sentence.ASK_FOR_LATER),
    CancelReason.MISTAKE: (Sentence.BY_MISTAKE,),
    CancelReason.CORRECTED: (Sentence.ENTERED_AGAIN,),
}

#: Headlines that need no clock; CANCELLED asks who did it, the others ask when.
_HEADLINES: Final[dict[DeliveryStatus, Headline]] = {
    _S.ARRIVED_AT_DROPOFF: Headline.AT_DOOR,
    _S.DELIVERED: Headline.DELIVERED,
    _S.ENROUTE_TO_RETURN: Headline.COMING_BACK,
    _S.ARRIVED_AT_RETURN: Headline.COMING_BACK,
    _S.RETURNED: Headline.RETURNED,
    _S.LOST: Headline.LOST,
}
#: On the way to this customer, near or far: a guess of the arrival means something.
_COMING: Final = frozenset(
    {_S.ENROUTE_TO_PICKUP, _S.ARRIVED_AT_PICKUP, _S.PICKED_UP, _S.ENROUTE_TO_DROPOFF}
)


def answer(view: TrackingView, now: datetime) -> Answer:
    """Decide what the page says about a delivery at an instant."""
    is_coming = view.eta is not None and view.status in _COMING
    return Answer(
        step=_STEPS[view.status],
        headline=_headline(view, now),
        sentences=_sentences(view, now),
        arrival=_arrival(view, view.eta, now) if is_coming and view.eta else None,
        is_final=view.status in ENDED,
    )


def _arrival(view: TrackingView, eta: datetime, now: datetime) -> Span:
    """Return the times that an arrival is told between."""
    opens_at = view.window_from
    return Span(*arrival_window(eta, now, view.stops_ahead, view.spread, opens_at=opens_at))


def is_late(view: TrackingView, now: datetime) -> bool:
    """Tell whether a delivery that still comes misses its window, by now or by the guess."""
    if view.status not in _COMING | BEFORE_CLAIM:
        return False
    return max(now, view.eta or now) > view.window_until


def is_ladder_shown(status: DeliveryStatus) -> bool:
    """Tell whether the steps mean anything: not for a delivery that ends at no door."""
    return status is _S.DELIVERED or status not in ENDED | COMING_BACK


def _headline(view: TrackingView, now: datetime) -> Headline:
    if view.status is _S.CANCELLED:
        by_operator = view.cancelled_by in {Mover.DISPATCHER, Mover.SYSTEM}
        return Headline.CANCELLED if by_operator else Headline.CANCELLED_BY_STORE
    if view.status in _HEADLINES:
        return _HEADLINES[view.status]
    if view.eta is None or view.status not in _COMING:
        return Headline.LATE if is_late(view, now) else Headline.PROMISED
    is_next = view.status is _S.ENROUTE_TO_DROPOFF and view.stops_before == 0
    return Headline.ARRIVING_NOW if is_next and view.eta - now <= ANY_MINUTE else Headline.ARRIVING


def _sentences(view: TrackingView, now: datetime) -> tuple[Sentence, ...]:
    if view.status is _S.CANCELLED:
        return Sentence.CANCELLED, *_CANCELLED_FOR.get(view.cancel_reason, (Sentence.ASK_STORE,))
    if view.status in COMING_BACK:
        return (Sentence.TURNED_BACK if view.fail_reason is None else Sentence.COULD_NOT_HAND_OVER,)
    if view.status is _S.ARRIVED_AT_DROPOFF:
        return _early_at_door(view) if now < view.window_from else (_at_door(view),)
    if view.status is _S.ENROUTE_TO_DROPOFF:
        said: tuple[Sentence, ...] = (Sentence.ON_THE_WAY, *_before_you(view))
    elif view.status in BEFORE_CLAIM and view.site_kind in INBOUND:
        said = (_brought_in(view),)
    else:
        said = _SENTENCES[view.status]
    if not is_late(view, now):
        return said
    return (*said, Sentence.LATE_NO_DRIVER if view.status in BEFORE_CLAIM else Sentence.LATE)


def _brought_in(view: TrackingView) -> Sentence:
    if view.is_with_carrier:
        return Sentence.COMING_IN
    return Sentence.AT_HUB if view.site_kind is SiteKind.HUB else Sentence.AT_STATION


def _before_you(view: TrackingView) -> tuple[Sentence, ...]:
    if view.stops_before is None:
        return ()
    return (Sentence.STOPS_BEFORE if view.stops_before else Sentence.NEXT_STOP,)


def _at_door(view: TrackingView) -> Sentence:
    # What the store wants checked goes before what the customer would like.
    if view.is_pin_wanted:
        return Sentence.HAVE_CODE_READY if view.is_pin_locked else Sentence.HAVE_PIN_READY
    return Sentence.LEAVES_AT_DOOR if view.leave_at_door else Sentence.COME_TO_DOOR


def _early_at_door(view: TrackingView) -> tuple[Sentence, ...]:
    """Return what to say of a driver who came before the window: he waits, nobody has to hurry."""
    if view.is_pin_wanted and not view.is_pin_locked:
        return Sentence.EARLY_AT_DOOR, Sentence.SHOW_CODE
    if view.is_pin_wanted:
        return (Sentence.EARLY_AT_DOOR,)
    return (Sentence.EARLY_LEAVES_AT_DOOR if view.leave_at_door else Sentence.EARLY_AT_DOOR,)
