"""What about a delivery can fail to fit together, by the protocol's rules C1 to C8.

Source: handoff protocol MP1, "Conflict rules".
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FindingKind(StrEnum):
    """What does not fit together."""

    CUSTODY_BEATS_ASSIGNMENT = "custody_beats_assignment"  # C1
    ASSIGNMENT_STAYS = "assignment_stays"  # C2
    DOUBLE_CUSTODY = "double_custody"  # C3
    COLLECTED_AFTER_CANCEL = "collected_after_cancel"  # C4
    LOST_BUT_DELIVERED = "lost_but_delivered"  # C5
    DOUBLE_DELIVERY = "double_delivery"  # C6
    UNCONFIRMED_RELEASE = "unconfirmed_release"  # C7
    COUNT_MISMATCH = "count_mismatch"  # C8


RULES: Final = {kind: f"C{number}" for number, kind in enumerate(FindingKind, start=1)}


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction.

    Attributes:
        kind: Which one.
        drivers: Whom it concerns, sorted.
        waits: A person has to decide; otherwise the rule has, and people are told.
    """

    kind: FindingKind
    drivers: tuple[str, ...] = ()
    waits: bool = False
