"""What a person may decide about an incident, and what a decision makes of a recorded statement.

Source: handoff protocol MP1, "Conflict rules" and "The provable time window".
"""

from enum import StrEnum
from typing import Final

from app.domain.findings import FindingKind

#: The one refusal that a person may overrule: codes and signature held, the times did not.
DOUBTFUL: Final = "needs_review"


class Choice(StrEnum):
    """A way to decide."""

    HAS = "has"  # A named driver has the parcels.
    HAS_NOT = "has_not"  # A driver's word, or the store's about him, is not believed.
    SEEN = "seen"  # Looked at; nothing moves.
    JUDGE = "judge"  # Each doubtful statement counts or does not.


_WHO: Final = frozenset({Choice.HAS, Choice.HAS_NOT})
_SEEN: Final = frozenset({Choice.SEEN})

#: By kind of incident.
CHOICES: Final[dict[str, frozenset[Choice]]] = {
    FindingKind.CUSTODY_BEATS_ASSIGNMENT: _SEEN,
    FindingKind.ASSIGNMENT_STAYS: _WHO,
    FindingKind.DOUBLE_CUSTODY: frozenset({Choice.HAS}),
    FindingKind.COLLECTED_AFTER_CANCEL: _WHO | _SEEN,
    FindingKind.LOST_BUT_DELIVERED: _SEEN,
    FindingKind.DOUBLE_DELIVERY: _SEEN,
    FindingKind.UNCONFIRMED_RELEASE: _WHO,
    FindingKind.COUNT_MISMATCH: _SEEN,
    "needs_review": frozenset({Choice.JUDGE}),
    "device_fork": _SEEN,
    "pin_unproved": _SEEN,
    "clerk_removed": _SEEN,
    "disputed": _SEEN | {Choice.HAS},
}


def may_decide(kind: str, choice: Choice) -> bool:
    """Tell whether an incident of this kind may be decided this way."""
    return choice in CHOICES.get(kind, _SEEN)


def counts(code: str | None, *, verdict: bool | None) -> bool:
    """Tell whether a statement that was recorded only counts after all.

    Args:
        code: Why it did not count at first.
        verdict: What a person has said last; None while nobody has.
    """
    return code == DOUBTFUL and verdict is True
