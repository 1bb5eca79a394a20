"""A carrier who drives with us brings parcels to a counter: when that counts, and for how much.

The phone shows `P` for the counter with an empty ticket set: "I am here, and I take nothing away".
Which parcels it brings stands in no code; the desk says so, and answers for what it takes in.
Source: handoff protocol MP1, "Tokens" and "Evidence levels".
"""

from datetime import datetime, timedelta
from typing import Final

from app.domain.handoff import (
    CODE_AHEAD_S,
    LATEST_REPORT,
    ONLINE_WITHIN,
    EvidenceLevel,
    judge_times,
)
from app.domain.tokens import Presence, ticket_set_of

#: Long enough to scan a van load in, short enough that the carrier is still there.
VISIT_LIFE: Final = timedelta(minutes=30)
#: A phone that stays in the picture shows a new code every 15 seconds: that is one visit. Scanned
#: again after this, it begins another one, with half an hour of its own.
RENEWED_AFTER: Final = VISIT_LIFE / 2
#: The ticket set of a phone that has come to bring parcels.
BRINGS: Final = ticket_set_of(())


def brings(presence: Presence) -> bool:
    """Tell whether a phone says that it has come to bring parcels and takes none away."""
    return presence.ticket_set == BRINGS


def refuse_carrier(
    presence: Presence, *, store_number: int, at: datetime, now: datetime
) -> str | None:
    """Return why a carrier's code opens no visit, or None. Its signature is checked elsewhere.

    A desk without signal keeps the code: then the two devices' times have to agree. Where they are
    further apart than two minutes a handover would be flagged; a visit is none, and the parcels
    come in without it.

    Args:
        presence: What the code says.
        store_number: The counter that has scanned it.
        at: When it was scanned, by the desk's clock.
        now: When the server hears of it.

    Returns:
        A code of `app.domain.errors.PROBLEMS`.
    """
    if presence.store != store_number:
        return "carrier_elsewhere"
    if not brings(presence):
        return "carrier_collects"
    times = judge_times(presence.iat, at, now)
    if times.verdict == "ok" and "stale_pair" not in times.flags:
        return None
    is_ahead = presence.iat - now.timestamp() > CODE_AHEAD_S
    return "code_from_future" if is_ahead else "driver_code_old"


def ends_at(opened_at: datetime, ended_at: datetime | None) -> datetime:
    """Return when a visit is over at the latest."""
    latest = opened_at + VISIT_LIFE
    return latest if ended_at is None else min(ended_at, latest)


def is_within(
    opened_at: datetime, ended_at: datetime | None, *, at: datetime, now: datetime
) -> bool:
    """Tell whether a parcel was scanned in during a visit.

    The desk may have been without signal meanwhile: its own time decides, for as long as a device's
    report is believed at all.

    Args:
        opened_at: When the phone was scanned.
        ended_at: When somebody ended the visit; None when nobody has.
        at: When the parcel was scanned, by the desk's clock.
        now: When the server heard of it.
    """
    has_begun = at >= opened_at - ONLINE_WITHIN
    return has_begun and at <= ends_at(opened_at, ended_at) and now - at <= LATEST_REPORT


def intake_level(*, has_label: bool, is_in_visit: bool) -> EvidenceLevel:
    """Return what it shows that a carrier's parcel has come in.

    Our label shows that the parcel was there, the phone that the carrier was. A carrier's code can
    be typed with nothing in hand, so whoever stands there, the parcel is shown by nothing.
    """
    if not has_label:
        return EvidenceLevel.E0
    return EvidenceLevel.E2 if is_in_visit else EvidenceLevel.E1
