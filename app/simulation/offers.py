"""A run on offer in a simulated day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.pay import (
    PayLineValue,
    PayRule,
    pay_lines,
    pay_total_minor,
    raise_line,
    raises_due,
)
from app.domain.pay_rules import CURRENT_PAY_RULE, PAY_RULES
from app.domain.run_plan import OpenDelivery, RunPlan

RULE: Final[PayRule] = PAY_RULES[CURRENT_PAY_RULE]


@dataclass(frozen=True, slots=True)
class Offer:
    """A run that drivers may claim.

    Attributes:
        id: Of the run.
        plan: As planned last.
        orders: What it carries, by id.
        open_at: Since when drivers see it.
    """

    id: str
    plan: RunPlan
    orders: Mapping[str, OpenDelivery]
    open_at: datetime

    def lines(self, now: datetime) -> tuple[PayLineValue, ...]:
        """Return what it pays when it is claimed now."""
        lines = pay_lines(RULE, self.plan.distance_m, len(self.plan.stops), {})
        raised = raise_line(RULE, raises_due(RULE, int((now - self.open_at).total_seconds())))
        return (*lines, *([raised] if raised is not None else []))

    def pay_minor(self, now: datetime) -> int:
        """Return the sum of the lines."""
        return pay_total_minor(self.lines(now))
