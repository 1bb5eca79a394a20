"""What a dispatcher has decided about a delivery, among its facts in their order."""

from collections.abc import Sequence

from app.domain.facts import Fact, FactKind, of_kind


def decided(facts: Sequence[Fact]) -> tuple[str, set[str]]:
    """Return for whom a person has decided, and against whose mere word; the last decision holds.

    Evidence of the other side is beaten by a decision for somebody else only, never by a doubt.
    """
    ruled, denied = "", set[str]()
    for fact in of_kind(facts, FactKind.RULED, FactKind.DENIED):
        if fact.kind is FactKind.RULED:
            ruled = fact.driver_id
            denied.discard(fact.driver_id)
        else:
            ruled = "" if ruled == fact.driver_id else ruled
            denied.add(fact.driver_id)
    return ruled, denied


def is_lost(facts: Sequence[Fact]) -> bool:
    """Tell whether a dispatcher's mark as lost is in force; it may have been taken back."""
    marks = of_kind(facts, FactKind.LOST, FactKind.FOUND)
    return bool(marks) and marks[-1].kind is FactKind.LOST
