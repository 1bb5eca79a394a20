"""The custody page in words: who had the parcels, from when, and how well that is shown."""

from datetime import datetime
from typing import Any, Final

from babel import Locale

from app.domain.delivery import DeliveryStatus
from app.domain.handoff import EvidenceLevel
from app.tracking.custody import CustodyView, FailedTry, Hand
from app.web.customer.words import reason_text
from app.web.formats import iso
from app.web.texts import N_, ngettext
from app.web.texts import gettext as _
from app.web.times import Times

Json = dict[str, Any]

_HANDS: Final = {
    ("carrier", "store"): N_("From {driver} to {store}"),
    ("store", "driver"): N_("From {store} to {driver}"),
    ("driver", "customer"): N_("From {driver} to you"),
    ("driver", "store"): N_("From {driver} back to {store}"),
}

_EVIDENCE: Final = {
    "release_code": N_("{driver} scanned the code on the store's tablet."),
    "presence": N_("The store scanned the code on {driver}'s phone."),
    "ticket": N_("The store scanned the code on {driver}'s phone."),
    "short_code": N_("{driver} typed the code from the store's tablet."),
    "label": N_("{driver} scanned the labels of the parcels."),
    "customer_code": N_("{driver} scanned your code."),
    "pin": N_("{driver} entered your PIN."),
    "photo": N_("{driver} took a photo at the door."),
}
_WORD: Final = N_("{driver} said so, and nothing else shows it.")
_STORE_TOOK_BACK: Final = N_("The store said that it has them back.")

_FROM_CARRIER: Final = N_("From the carrier to {store}")
_BROUGHT_IN: Final = {
    "label": N_("{store} scanned the parcel's label. The carrier has signed nothing."),
    "carrier_code": N_("{store} typed the carrier's code. Nothing else shows it."),
}
_BROUGHT_WITH_PHONE: Final = {
    "label": N_("{store} scanned the carrier's phone and the parcel's label."),
    "carrier_code": N_("{store} scanned the carrier's phone and typed the carrier's code."),
}

_LEVELS: Final = {
    EvidenceLevel.E3: N_("Both sides confirmed it"),
    EvidenceLevel.E2: N_("The other side confirmed it"),
    EvidenceLevel.E1: N_("The driver has shown it"),
    EvidenceLevel.E0: N_("The driver's word"),
}
_STORES_LEVELS: Final = {
    EvidenceLevel.E2: N_("Phone and label were scanned"),
    EvidenceLevel.E1: N_("The label was scanned"),
    EvidenceLevel.E0: N_("By word only"),
}
_TONES: Final = {EvidenceLevel.E3: "go", EvidenceLevel.E2: "go", EvidenceLevel.E1: "neutral"}


def present_custody(view: CustodyView, *, now: datetime, locale: Locale | str) -> Json:
    """Return what the page shows: `{headline, steps: [{title, text, at, at_text, level}]}`.

    `level` is `{code, text, tone}`, or None where the parcels did not change hands.
    """
    parsed = Locale.parse(locale) if isinstance(locale, str) else locale
    times = Times(now=now, timezone=view.timezone, locale=parsed)
    start = _("On the way to {store}") if view.is_brought_in else _("At {store}")
    first = {
        "title": start.format(store=view.store_name),
        "text": _("Since it was ordered."),
        **_at(view.ordered_at, times),
        "level": None,
    }
    return {
        "headline": _headline(view),
        "store": view.store_name,
        "handle": view.handle,
        "steps": [first, *(_step(view, step, times) for step in view.steps)],
    }


def _headline(view: CustodyView) -> str:
    n = view.parcel_count
    if view.status is DeliveryStatus.LOST:
        return ngettext("Your parcel is missing", "Your parcels are missing", n)
    last = view.hands[-1] if view.hands else None
    if last is None and view.is_brought_in:
        return _("On the way to {store}").format(store=view.store_name)
    if last is None or last.taker == "store":
        text = ngettext("{who} has your parcel", "{who} has your parcels", n)
        return text.format(who=view.store_name)
    if last.taker == "customer":
        return ngettext("You have your parcel", "You have your parcels", n)
    text = ngettext("{who} has your parcel", "{who} has your parcels", n)
    return text.format(who=_driver(last))


def _step(view: CustodyView, step: Hand | FailedTry, times: Times) -> Json:
    if isinstance(step, FailedTry):
        return {
            "title": _("Not handed over"),
            "text": f"{_capital(reason_text(step.reason))}.",
            **_at(step.at, times),
            "level": None,
        }
    facts = {"store": view.store_name, "driver": _driver(step)}
    is_nameless = step.giver == "carrier" and not step.driver
    title = _FROM_CARRIER if is_nameless else _HANDS[step.giver, step.taker]
    title = _(title).format(**facts)
    if step.parcel and view.parcel_count > 1:
        number = _("Parcel {n} of {count}").format(n=step.parcel, count=view.parcel_count)
        title = f"{number}: {title}"
    return {
        "title": title,
        "text": _(_evidence(step)).format(**facts),
        **_at(step.at, times),
        "level": {
            "code": step.level.value,
            "text": _((_STORES_LEVELS if step.giver == "carrier" else _LEVELS)[step.level]),
            "tone": _TONES.get(step.level, "warn"),
        },
    }


def _evidence(hand: Hand) -> str:
    if hand.giver == "carrier":
        has_phone = bool(hand.driver) or hand.level >= EvidenceLevel.E2
        return (_BROUGHT_WITH_PHONE if has_phone else _BROUGHT_IN)[hand.evidence]
    if hand.taker == "store" and hand.level >= EvidenceLevel.E2:
        return _STORE_TOOK_BACK
    return _EVIDENCE.get(hand.evidence, _WORD)


def _driver(hand: Hand) -> str:
    return hand.driver or _("Your driver")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _at(instant: datetime, times: Times) -> Json:
    return {"at": iso(instant), "at_text": times.dated_clock(instant)}
