"""Judging a handoff: may this code be taken, do its times agree, how strong is the evidence.

Pure rules that a phone without signal and the server apply alike; `frontend/lib/tokens.ts` is the
phone-side twin of `refuse_release`. Source: handoff protocol MP1.
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from app.domain.tokens import Release

#: Seconds that a shown code stays good, and that it may lie ahead of the scanner's clock.
CODE_LIFETIME_S: Final = 60
CODE_AHEAD_S: Final = 30

#: A command that arrives this close to its own time was sent with signal.
ONLINE_WITHIN: Final = timedelta(seconds=60)
#: How far two clocks may be apart without a word, and then before a person has to look.
FRESH_PAIR: Final = timedelta(seconds=120)
STALE_PAIR: Final = timedelta(minutes=10)
#: A device that reports later than this is looked at by a person.
LATEST_REPORT: Final = timedelta(days=7)


class EvidenceLevel(StrEnum):
    """How well a handoff is evidenced; the values sort from weak to strong."""

    E0 = "E0"  # Assertion: a button, a short code, a dispatcher's word.
    E1 = "E1"  # Possession: labels scanned in the right place, no counterpart.
    E2 = "E2"  # Cross-signed: one side's statement embeds the other's valid token.
    E3 = "E3"  # Mutual: two statements that name the same code.


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What has been established about one handoff; everything in it is verified already."""

    #: Nonce of the counterpart's token that a statement embeds.
    token_nonce: bytes | None = None
    #: Nonces that the releasing desk says it has shown; empty without a statement of the desk.
    desk_nonces: Collection[bytes] = ()
    #: The provable time windows of both statements have an instant in common.
    windows_overlap: bool = False
    #: Labels were scanned by the assigned driver.
    labels_scanned: bool = False
    in_geofence: bool = False


@dataclass(frozen=True, slots=True)
class TimeJudgement:
    """What the claimed times of a handoff are worth.

    `ok` applies it, `stale_code` refuses it so that it is scanned again, `review` keeps it in the
    log and leaves applying it to a person. `occurred_at` is the claimed time, or the time of
    reception where the claim lies ahead of it.
    """

    verdict: Literal["ok", "stale_code", "review"]
    flags: tuple[str, ...]
    occurred_at: datetime


def refuse_release(
    release: Release,
    *,
    my_kid: int,
    my_deliveries: Mapping[str, int],
    store_desk_kids: Container[int],
    now_s: float,
    used_nonces: Container[bytes],
) -> str | None:
    """Return why a driver may not take this release, or None.

    The signature has been verified before; the order of the reasons is the protocol's.

    Args:
        release: What the code says.
        my_kid: Key id of the phone that scans.
        my_deliveries: Handle of every delivery the driver collects here -> its parcels.
        store_desk_kids: Key ids of the desks of the store where the driver stands.
        now_s: The scanner's time, Unix seconds.
        used_nonces: Nonces that were taken before.

    Returns:
        A code of `app.domain.errors.PROBLEMS`.
    """
    if release.kid not in store_desk_kids:
        return "other_store"
    return (
        _refuse_age(now_s - release.iat)
        or ("not_addressee" if release.driver_kid != my_kid else None)
        or _refuse_deliveries(release, my_deliveries)
        or ("already_used" if release.nonce in used_nonces else None)
    )


def _refuse_age(age_s: float) -> str | None:
    if age_s > CODE_LIFETIME_S:
        return "stale_code"
    return "code_from_future" if age_s < -CODE_AHEAD_S else None


def _refuse_deliveries(release: Release, mine: Mapping[str, int]) -> str | None:
    if any(shown.handle not in mine for shown in release.deliveries):
        return "other_delivery"
    if any(shown.parcels != mine[shown.handle] for shown in release.deliveries):
        return "parcel_count_differs"
    return None


def judge_times(iat: int, occurred_at: datetime, received_at: datetime) -> TimeJudgement:
    """Judge the times that two devices claim against the server's own.

    Args:
        iat: When the code was shown, Unix seconds by the shower's clock.
        occurred_at: When it was scanned, UTC by the scanner's clock.
        received_at: When the server received the command, UTC.

    Source: handoff protocol MP1, "Server verification and the provable time window".
    """
    if abs(received_at - occurred_at) > ONLINE_WITHIN:
        return judge_pair(iat, occurred_at, received_at)
    age_s = received_at.timestamp() - iat
    return TimeJudgement("stale_code" if _refuse_age(age_s) else "ok", (), occurred_at)


def judge_pair(iat: int, occurred_at: datetime, received_at: datetime) -> TimeJudgement:
    """Judge the times of two devices against each other, when it is too late to scan again.

    A scanner whose clock is ahead of the reception is known to be wrong: how far it is from the
    shower's clock says nothing then, as long as that one lies before the reception or agrees.

    Args:
        iat: As for `judge_times`.
        occurred_at: As for `judge_times`.
        received_at: As for `judge_times`.
    """
    shown_at = datetime.fromtimestamp(iat, UTC)
    apart = abs(occurred_at - shown_at)
    flags: list[str] = []
    is_ahead = occurred_at > received_at + ONLINE_WITHIN
    if is_ahead:
        apart = min(apart, abs(received_at - shown_at))
        occurred_at = received_at
        flags.append("clock_ahead")
    is_explained = is_ahead and shown_at <= received_at
    is_late = received_at - (shown_at if is_ahead else occurred_at) > LATEST_REPORT
    if is_late or (apart > STALE_PAIR and not is_explained):
        return TimeJudgement("review", tuple(flags), occurred_at)
    if apart > FRESH_PAIR:
        flags.append("stale_pair")
    return TimeJudgement("ok", tuple(flags), occurred_at)


def level_of(evidence: Evidence) -> EvidenceLevel:
    """Return the strongest level that the evidence reaches."""
    nonce = evidence.token_nonce
    if nonce is not None:
        is_mutual = nonce in evidence.desk_nonces and evidence.windows_overlap
        return EvidenceLevel.E3 if is_mutual else EvidenceLevel.E2
    is_possession = evidence.labels_scanned and evidence.in_geofence
    return EvidenceLevel.E1 if is_possession else EvidenceLevel.E0
