"""What both sides say about one meeting, side by side: for people who have to compare them.

`settle` says what is true; this says who said what. Source: handoff protocol MP1, "Evidence levels"
and "The provable time window".
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.facts import Fact, FactKind, agree, levels_of, of_kind
from app.domain.handoff import EvidenceLevel


class MeetingKind(StrEnum):
    """At which step of a delivery's way two people met, or should have."""

    COLLECTION = "collection"
    FAILURE = "failure"
    DELIVERY = "delivery"
    RETURN = "return"


_KINDS: Final = {
    MeetingKind.COLLECTION: (FactKind.RELEASED, FactKind.PICKED_UP),
    MeetingKind.FAILURE: (FactKind.FAILED,),
    MeetingKind.DELIVERY: (FactKind.DELIVERED,),
    MeetingKind.RETURN: (FactKind.RETURNED,),
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """One handoff as both sides tell it.

    Attributes:
        kind: At which step.
        driver_id: Which driver; empty when a store's word names nobody.
        level: How well it is evidenced; None for a store's word that no driver is known for.
        window: Provable begin and end, Unix milliseconds; a begin of 0 is unknown.
        facts: What was said, oldest first.
    """

    kind: MeetingKind
    driver_id: str
    level: EvidenceLevel | None
    window: tuple[int, int]
    facts: tuple[Fact, ...]


def meetings_of(facts: Collection[Fact]) -> list[Meeting]:
    """Return the meetings that facts tell of, in the order of a delivery's way."""
    ordered = sorted(facts, key=lambda fact: (fact.order, fact.at_ms, fact.id))
    levels = levels_of(ordered)
    found: list[Meeting] = []
    for kind, kinds in _KINDS.items():
        for driver_id, said in _by_driver(of_kind(ordered, *kinds)).items():
            is_mutual = kind is MeetingKind.COLLECTION
            level = levels.get(driver_id) if is_mutual else max(fact.level for fact in said)
            found.append(Meeting(kind, driver_id, level, _window(said), said))
    return found


def _by_driver(facts: Sequence[Fact]) -> dict[str, tuple[Fact, ...]]:
    """Return `{driver_id: facts}`; a word that names no driver goes where it fits.

    That is to the driver with whose statement it agrees, else to the only one there is.
    """
    named: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.driver_id:
            named.setdefault(fact.driver_id, []).append(fact)
    only = next(iter(named)) if len(named) == 1 else ""
    for fact in facts:
        if not fact.driver_id:
            partner = _partner(fact, named) or only
            named.setdefault(partner, []).append(fact)
    return {driver_id: tuple(_by_time(said)) for driver_id, said in named.items()}


def _partner(fact: Fact, named: dict[str, list[Fact]]) -> str:
    for driver_id, said in named.items():
        if any(agree(fact, other) for other in said):
            return driver_id
    return ""


def _by_time(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.at_ms, fact.id))


def _window(said: Sequence[Fact]) -> tuple[int, int]:
    """Return the window of the strongest statement, narrowed by those that agree with it.

    Either copy may have reached the server first, and either may know the newer checkpoint.
    """
    strongest = max(said, key=lambda fact: (fact.level, -fact.window[1]))
    agreeing = [fact.window for fact in said if fact is strongest or agree(fact, strongest)]
    return max(begin for begin, _end in agreeing), min(end for _begin, end in agreeing)
