"""What was stated about a delivery and could be believed, and how far statements agree.

Source: handoff protocol MP1, "Evidence levels".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.handoff import EvidenceLevel

#: Evidence from here on says by itself that parcels changed hands.
STRONG: Final = EvidenceLevel.E2


class FactKind(StrEnum):
    """What a fact is about."""

    CLAIMED = "claimed"
    UNCLAIMED = "unclaimed"
    PICKED_UP = "picked_up"
    RELEASED = "released"
    DELIVERED = "delivered"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    LOST = "lost"
    FOUND = "found"
    RULED = "ruled"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was stated and could be believed.

    Attributes:
        kind: What it is about.
        id: Of the statement or event; breaks ties.
        at_ms: When it happened, Unix milliseconds, inside the provable window.
        order: Place among the server's own events: claims, marks as lost, and decisions.
        driver_id: Whom it is about; empty when it names nobody.
        level: How well it is evidenced by itself, E0 to E2.
        parcels: How many the stating side counted.
        told_parcels: How many the other side's code names; 0 when it names none.
        is_unproved: What should have proved it was checked later and did not hold.
        is_approved: The right manager's code came with it.
        evidence: The kind of evidence that counted.
        photos: SHA-256 of the photos that it names, as they were uploaded.
        flags: What is odd about it.
        device: Key id of the device that stated it; 0 for a command.
        token: Key id and nonce of the other side's code that it embeds.
        shown: Nonces of the codes that this device showed.
        window: Provable begin and end, Unix milliseconds.
        statement: `event_id` of the signed statement it was told by; empty for a command or one of
            the server's own events. What a correction refers to.
    """

    kind: FactKind
    id: str
    at_ms: int
    order: int = 0
    driver_id: str = ""
    level: EvidenceLevel = EvidenceLevel.E0
    parcels: int = 0
    told_parcels: int = 0
    is_unproved: bool = False
    is_approved: bool = False
    evidence: str = "assertion"
    photos: Collection[str] = ()
    flags: Collection[str] = ()
    device: int = 0
    token: tuple[int, str] | None = None
    shown: Collection[str] = ()
    window: tuple[int, int] = (0, 0)
    statement: str = ""


def of_kind(facts: Sequence[Fact], *kinds: FactKind) -> list[Fact]:
    """Return the facts of some kinds, in their order."""
    return [fact for fact in facts if fact.kind in kinds]


def levels_of(facts: Sequence[Fact]) -> dict[str, EvidenceLevel]:
    """Return the best evidence for each driver's collection; E3 where both sides name one code.

    A typed short code names it too, but proves no scan: one side must hold the other's whole code.
    """
    releases = of_kind(facts, FactKind.RELEASED)
    found: dict[str, EvidenceLevel] = {}
    for pickup in of_kind(facts, FactKind.PICKED_UP):
        is_mutual = any(
            agree(pickup, release) and max(pickup.level, release.level) >= STRONG
            for release in releases
        )
        level = EvidenceLevel.E3 if is_mutual else pickup.level
        found[pickup.driver_id] = max(level, found.get(pickup.driver_id, level))
    for release in releases:
        # The desk's own statement embeds the phone's code: the phone's word may never come.
        if release.driver_id and release.level >= STRONG:
            known = found.get(release.driver_id, release.level)
            found[release.driver_id] = max(release.level, known)
    return found


def agree(one: Fact, other: Fact) -> bool:
    """Tell whether two statements are about one meeting: one embeds a code that the other showed.

    Both lie in windows of time that overlap, so that one of them cannot be from another day.
    """
    overlaps = one.window[0] <= other.window[1] and other.window[0] <= one.window[1]
    return overlaps and (_embeds(one, other) or _embeds(other, one))


def _embeds(scanner: Fact, shower: Fact) -> bool:
    if scanner.token is None:
        return False
    kid, nonce = scanner.token
    return kid == shower.device and nonce in shower.shown
