"""What a store asks of a handoff at its counter."""

import pytest

from app.domain.handoff import EvidenceLevel
from app.domain.policy import EvidencePolicy

E0, E1, E2, E3 = EvidenceLevel


@pytest.mark.parametrize(
    ("minimum", "enough"),
    [(E0, {None, E0, E1, E2, E3}), (E1, {E1, E2, E3}), (E2, {E2, E3}), (E3, {E3})],
)
def test_evidence_from_the_minimum_on_is_enough(
    minimum: EvidenceLevel, enough: set[EvidenceLevel | None]
):
    policy = EvidencePolicy(minimum)

    assert {level for level in (None, E0, E1, E2, E3) if policy.is_enough(level)} == enough


def test_code_is_asked_for_above_the_limit_only():
    policy = EvidencePolicy(code_above_minor=10_000, has_code=True)

    assert policy.needs_code(10_001)
    assert not policy.needs_code(10_000)
    assert not policy.needs_code(None)


@pytest.mark.parametrize(
    "policy",
    [
        EvidencePolicy(),
        EvidencePolicy(has_code=True),
        EvidencePolicy(code_above_minor=0, has_code=False),
    ],
    ids=["default", "no limit", "no code"],
)
def test_without_limit_or_code_nobody_is_asked(policy: EvidencePolicy):
    assert not policy.needs_code(1_000_000)
