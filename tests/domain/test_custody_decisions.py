"""What a person has decided about custody, and what it can and cannot change."""

import pytest

from app.domain.custody import Stage, settle
from app.domain.facts import FactKind
from app.domain.findings import Finding, FindingKind
from tests.domain.stated import CANCELLED, DAN, DINA, E0, REASSIGNED, claimed, fact, picked_up

DENIED = fact(FactKind.DENIED, order=9)


def test_mere_word_that_is_doubted_counts_no_more():
    settled = settle([*REASSIGNED, picked_up(level=E0), DENIED])

    assert (settled.stage, settled.findings) == (None, ())


def test_proof_is_not_doubted_away():
    settled = settle([claimed(), picked_up(), DENIED])

    assert (settled.stage, settled.custodian) == (Stage.WITH_DRIVER, DINA)


@pytest.mark.parametrize("last", [FactKind.RULED, FactKind.DENIED])
def test_last_decision_about_a_driver_holds(last: FactKind):
    first = {FactKind.RULED: FactKind.DENIED, FactKind.DENIED: FactKind.RULED}[last]
    decisions = [fact(first, order=9), fact(last, order=10)]

    settled = settle([*REASSIGNED, picked_up(level=E0), *decisions])

    assert settled.custodian == (DINA if last is FactKind.RULED else "")


def test_doubt_about_one_leaves_a_decision_for_the_other():
    decisions = [fact(FactKind.RULED, DAN, order=9), fact(FactKind.DENIED, order=10)]

    assert settle([*REASSIGNED, picked_up(level=E0), *decisions]).custodian == DAN


def test_word_that_is_believed_beats_a_cancellation():
    ruled = fact(FactKind.RULED, order=9)

    settled = settle([claimed(), CANCELLED, picked_up(level=E0), ruled])

    assert settled.stage is Stage.GOING_BACK
    assert settled.findings == (Finding(FindingKind.COLLECTED_AFTER_CANCEL, (DINA,)),)


def test_mark_as_lost_that_is_taken_back_leaves_the_word():
    found = fact(FactKind.FOUND, "", order=9)
    lost = fact(FactKind.LOST, "", order=8)
    delivered = fact(FactKind.DELIVERED, level=E0)

    assert settle([claimed(), picked_up(), lost, delivered]).is_lost
    settled = settle([claimed(), picked_up(), lost, found, delivered])
    assert (settled.stage, settled.is_lost, settled.findings) == (Stage.DELIVERED, False, ())
