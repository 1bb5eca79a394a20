"""What a store asks of a handoff at its counter.

Below it nobody is left standing there: the parcels move, and the delivery is marked as still to be
verified. Source: handoff protocol MP1, "Evidence levels".
"""

from dataclasses import dataclass
from typing import Final

from app.domain.handoff import EvidenceLevel

DEFAULT_MINIMUM: Final = EvidenceLevel.E2
#: Wrong manager's codes of a store until none is believed any more.
MANAGER_TRIES_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class EvidencePolicy:
    """A store's wishes.

    Attributes:
        minimum: The evidence that is enough.
        code_above_minor: Goods worth more need a manager's code, minor units; None for never.
        has_code: A manager's code is set; without one none can be asked for.
    """

    minimum: EvidenceLevel = DEFAULT_MINIMUM
    code_above_minor: int | None = None
    has_code: bool = False

    def is_enough(self, level: EvidenceLevel | None) -> bool:
        """Tell whether evidence is as good as the store wants it."""
        return (level or EvidenceLevel.E0) >= self.minimum

    def needs_code(self, value_minor: int | None) -> bool:
        """Tell whether goods of this value leave the store with a manager's code only.

        Of unknown value they leave without: nobody has said that they are worth more.
        """
        if not self.has_code or self.code_above_minor is None or value_minor is None:
            return False
        return value_minor > self.code_above_minor
