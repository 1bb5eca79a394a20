"""The tracking page's decisions as words in the reader's language."""

from typing import Final

from app.domain.events import EventType
from app.domain.run import FailReason, StopKind
from app.domain.site import INBOUND
from app.domain.tracking import ShownProof, TimelineEntry, TrackingView
from app.domain.tracking_answer import Answer, Headline, Sentence, Span, Step, is_ladder_shown
from app.web.texts import N_, ngettext
from app.web.texts import gettext as _
from app.web.times import Times

STEPS: Final[dict[Step, str]] = {
    Step.PLACED: N_("Ordered"),
    Step.ASSIGNED: N_("Driver found"),
    Step.COLLECTED: N_("Collected"),
    Step.ON_THE_WAY: N_("On the way"),
    Step.DELIVERED: N_("Delivered"),
}

_HEADLINES: Final[dict[Headline, str]] = {
    Headline.PROMISED: "{promise}",
    Headline.LATE: N_("Later than promised"),
    Headline.ARRIVING: N_("Arriving {arrival}"),
    Headline.ARRIVING_NOW: N_("Arriving any minute"),
    Headline.AT_DOOR: N_("{driver} is at your door"),
    Headline.COMING_BACK: N_("Coming back to the store"),
    Headline.RETURNED: N_("Back at the store"),
    Headline.CANCELLED: N_("Cancelled"),
    Headline.CANCELLED_BY_STORE: N_("Cancelled by the store"),
}

_SENTENCES: Final[dict[Sentence, str]] = {
    Sentence.PACKING: N_("{store} is packing {parcels}."),
    Sentence.COMING_IN: N_("On the way to {store}: {parcels}."),
    Sentence.AT_HUB: N_("At {store}: {parcels}. One of its own drivers brings them."),
    Sentence.AT_STATION: N_("At {store}: {parcels}. A driver is being found."),
    Sentence.WAITING_FOR_DRIVER: N_("{store} has packed {parcels}. A driver is being found."),
    Sentence.DRIVING_TO_STORE: N_("{driver} is on the way to {store} to collect {parcels}."),
    Sentence.AT_STORE: N_("{driver} is at {store}, collecting {parcels}."),
    Sentence.COLLECTED: N_("{driver} has collected {parcels} and sets off soon."),
    Sentence.ON_THE_WAY: N_("{driver} is on the way with {parcels}."),
    Sentence.NEXT_STOP: N_("You are the next stop."),
    Sentence.LATE: N_("This is later than promised ({promised})."),
    Sentence.LATE_NO_DRIVER: N_("Promised was {promised}. Ask {store} if you cannot wait."),
    Sentence.COME_TO_DOOR: N_("Please come to the door for {parcels}."),
    Sentence.HAVE_PIN_READY: N_("Please come to the door. Show the code below, or say the PIN."),
    Sentence.HAVE_CODE_READY: N_(
        "Please come to the door and show the code below. A wrong PIN was entered too often."
    ),
    Sentence.EARLY_AT_DOOR: N_(
        "{driver} is early and can wait until {opens}, when your time begins. "
        "If you like, come to the door for {parcels} now."
    ),
    Sentence.EARLY_LEAVES_AT_DOOR: N_(
        "{driver} is early and leaves {parcels} at your door at {opens}, when your time begins. "
        "If you like, come to the door now."
    ),
    Sentence.SHOW_CODE: N_("Show the code below, or say the PIN."),
    Sentence.LEAVES_AT_DOOR: N_("{driver} leaves {parcels} at your door."),
    Sentence.DELIVERED: N_("{driver} brought {parcels}."),
    Sentence.COULD_NOT_HAND_OVER: N_(
        "{driver} could not hand over {parcels}: {reason}. Everything goes back to {store}."
    ),
    Sentence.TURNED_BACK: N_("{driver} is bringing {parcels} back to {store}."),
    Sentence.RETURNED: N_("{store} has {parcels} back."),
    Sentence.CANCELLED: N_("This delivery will not come."),
    Sentence.NOT_IN_STOCK: N_("{store} does not have what you ordered."),
    Sentence.DAMAGED_AT_STORE: N_("What you ordered was damaged at {store}."),
    Sentence.YOU_ASKED: N_("{store} has noted that you asked for this. If you did not, ask there."),
    Sentence.NOT_IN_TIME: N_("{store} cannot have it ready in time."),
    Sentence.BY_MISTAKE: N_(
        "It was entered by mistake. If you still expect something, ask {store}."
    ),
    Sentence.ENTERED_AGAIN: N_(
        "{store} enters your order again with a correction. Ask there for the new link."
    ),
    Sentence.LOST: N_("We cannot find {parcels}, and we are sorry."),
    Sentence.ASK_STORE: N_("Ask {store} what happens next."),
    Sentence.ASK_FOR_OTHERS: N_("Ask there for something else or for your money back."),
    Sentence.ASK_FOR_LATER: N_("Ask there for another day, or whether you can collect it."),
}

_REASONS: Final[dict[FailReason, str]] = {
    FailReason.NOBODY_HOME: N_("nobody answered the door"),
    FailReason.WRONG_ADDRESS: N_("the address could not be found"),
    FailReason.REFUSED: N_("it was refused at the door"),
    FailReason.DAMAGED: N_("something was damaged"),
    FailReason.UNSAFE: N_("it was not safe to stop there"),
    FailReason.OTHER: N_("it was not possible at the door"),
}

_EVENTS: Final[dict[EventType, str]] = {
    EventType.DELIVERY_CREATED: N_("Ordered from {store}"),
    EventType.DELIVERY_PACKED: N_("Packed"),
    EventType.DELIVERY_UNPACKED: N_("Not packed yet after all"),
    EventType.DELIVERY_CANCELLED: N_("Cancelled"),
    EventType.DELIVERY_DEPARTED: N_("On the way to you"),
    EventType.DELIVERY_CHANGED: N_("Address changed by {store}"),
    EventType.INSTRUCTIONS_CHANGED: N_("Instructions changed"),
    EventType.PIN_ROTATED: N_("Your PIN was changed"),
    EventType.RUN_CLAIMED: N_("Driver found"),
    EventType.RUN_RELEASED: N_("Another driver is being found"),
    EventType.STOP_ARRIVED: N_("Driver at {store}"),
    EventType.HANDOFF_TAKEN_IN: N_("Arrived at {store}"),
    EventType.HANDOFF_PICKED_UP: N_("Collected from {store}"),
    EventType.HANDOFF_DELIVERED: N_("Delivered"),
    EventType.HANDOFF_FAILED: N_("Could not be handed over"),
    EventType.HANDOFF_RETURNED: N_("Back at {store}"),
}

#: Where a carrier brings the parcels in, nobody orders or packs at the counter.
_EVENTS_OF_INBOUND: Final[dict[EventType, str]] = {
    EventType.DELIVERY_CREATED: N_("Ordered"),
    EventType.DELIVERY_PACKED: N_("Ready at {store}"),
}

_PROOFS: Final[dict[str, str]] = {
    "photo": N_("Photo taken at the door"),
    "pin": N_("Confirmed with your PIN"),
    "customer_code": N_("Confirmed with your code"),
}
_CONFIRMED: Final = N_("Confirmed by the driver")


def headline(view: TrackingView, said: Answer, times: Times) -> str:
    """Return the first line of the page: the answer."""
    if said.headline is Headline.DELIVERED:
        return _delivered(view, times)
    if said.headline is Headline.LOST:
        return ngettext("Your parcel is missing", "Your parcels are missing", view.parcel_count)
    return _fill(_HEADLINES[said.headline], _facts(view, said, times))


def sentence(view: TrackingView, said: Answer, times: Times) -> str:
    """Return the second line: what is happening and what the customer does."""
    facts = _facts(view, said, times)
    return " ".join(_sentence(view, key, facts) for key in said.sentences)


def steps(view: TrackingView) -> list[str]:
    """Return the names of the ladder's steps; none where it would promise a door."""
    return [_(text) for text in STEPS.values()] if is_ladder_shown(view.status) else []


def event_text(entry: TimelineEntry, view: TrackingView) -> str:
    """Return the words for one line of the timeline."""
    if entry.type is EventType.STOP_ARRIVED and entry.stop is StopKind.DROPOFF:
        return _("Driver at your door")
    texts = _EVENTS_OF_INBOUND if view.site_kind in INBOUND else {}
    text = texts.get(entry.type) or _EVENTS[entry.type]
    return _fill(text, {"store": view.store_name})


def reason_text(reason: FailReason) -> str:
    """Return why something could not be handed over, as part of a sentence."""
    return _(_REASONS[reason])


def proof_text(proof: ShownProof) -> str:
    """Return how the delivery was confirmed."""
    return _(_PROOFS.get(proof.evidence, _CONFIRMED))


def _delivered(view: TrackingView, times: Times) -> str:
    if view.ended_at is None:
        return _("Delivered")
    texts = {0: _("Delivered at {time}"), -1: _("Delivered yesterday at {time}")}
    text = texts.get(times.days_ahead(view.ended_at)) or _("Delivered on {day} at {time}")
    return text.format(day=times.day(view.ended_at), time=times.clock(view.ended_at))


def _sentence(view: TrackingView, key: Sentence, facts: dict[str, str]) -> str:
    if key is Sentence.STOPS_BEFORE:
        stops = view.stops_before or 0
        return ngettext("One stop before you.", "{n} stops before you.", stops).format(n=stops)
    return _fill(_SENTENCES[key], facts)


def _facts(view: TrackingView, said: Answer, times: Times) -> dict[str, str]:
    window = Span(view.window_from, view.window_until)
    parcels = ngettext("your parcel", "your {n} parcels", view.parcel_count)
    return {
        "store": view.store_name,
        # Every text has the driver at the start of a sentence.
        "driver": view.driver_first_name or _("Your driver"),
        "parcels": parcels.format(n=view.parcel_count),
        "opens": times.clock(view.window_from),
        "promise": times.dated_span(window),
        "promised": times.later_span(window),
        "arrival": times.later_span(said.arrival) if said.arrival else "",
        "reason": reason_text(view.fail_reason or FailReason.OTHER),
    }


def _fill(text: str, facts: dict[str, str]) -> str:
    return _(text).format(**facts)
