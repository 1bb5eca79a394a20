"""What a site in a test has learned of how long things take there."""

import math

from app import clock
from app.domain.learned import Timed
from app.runs.models import LearnedTime
from tests.factories import Mall

#: So many observations outweigh the default.
_OBSERVED = 190


def has_learned(mall: Mall, timed: Timed, ref: str, times: float) -> None:
    """Let a site know that something takes about so many times as long as usual."""
    with mall.writing() as current:
        current.add(
            LearnedTime(
                site_id=mall.site_id,
                timed=timed.value,
                ref=ref,
                observed=_OBSERVED,
                weight=float(_OBSERVED),
                log_sum=_OBSERVED * math.log(times),
                log_sq_sum=_OBSERVED * math.log(times) ** 2,
                seen_at=clock.now(),
            )
        )
