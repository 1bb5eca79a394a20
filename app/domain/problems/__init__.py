"""The catalogue of refusals: one code, one line, in parts by who meets them.

It is data so that a phone without signal, a page and the API say the same words. Codes are public: they
are never renamed and never reused. Texts are English source texts; an edge translates them and fills the
`{fact}` placeholders.
"""

import json
from dataclasses import asdict
from itertools import chain
from typing import Final

from app.domain.problems import counter, driving, offices, requests
from app.domain.problems.problem import Problem

PARTS: Final[tuple[dict[str, Problem], ...]] = (
    requests.PROBLEMS,
    driving.PROBLEMS,
    counter.PROBLEMS,
    offices.PROBLEMS,
)

PROBLEMS: Final[dict[str, Problem]] = dict(chain.from_iterable(part.items() for part in PARTS))


def as_json() -> str:
    """Return the catalogue as JSON: `{code: {status, title, detail, next_step, on_device, …}}`, sorted by code."""
    return json.dumps({code: asdict(problem) for code, problem in sorted(PROBLEMS.items())}, indent=1)
