"""What a person may decide about an incident."""

import pytest

from app.domain.findings import FindingKind
from app.domain.review import CHOICES, Choice, counts, may_decide


def test_every_finding_can_be_decided_somehow():
    assert set(FindingKind) <= set(CHOICES)
    assert all(CHOICES.values())


def test_two_proofs_need_an_answer_and_no_shrug():
    assert may_decide(FindingKind.DOUBLE_CUSTODY, Choice.HAS)
    assert not may_decide(FindingKind.DOUBLE_CUSTODY, Choice.SEEN)
    assert not may_decide(FindingKind.DOUBLE_CUSTODY, Choice.HAS_NOT)


def test_kind_that_is_not_known_here_can_be_looked_at():
    assert may_decide("found_tomorrow", Choice.SEEN)
    assert not may_decide("found_tomorrow", Choice.HAS)


@pytest.mark.parametrize(
    "code_and_verdict",
    [
        ("needs_review", False),
        ("needs_review", None),
        ("bad_signature", True),
        (None, True),
    ],
)
def test_nothing_but_doubtful_times_is_overruled(
    code_and_verdict: tuple[str | None, bool | None],
):
    code, verdict = code_and_verdict

    assert not counts(code, verdict=verdict)
    assert counts("needs_review", verdict=True)
