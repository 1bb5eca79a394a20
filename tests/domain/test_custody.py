"""Who has the parcels: each conflict rule by example, and never a word about the order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.custody import Stage, settle
from app.domain.facts import Fact, FactKind
from app.domain.findings import Finding, FindingKind
from app.domain.handoff import EvidenceLevel
from tests.domain.stated import (
    CANCELLED,
    DAN,
    DINA,
    E0,
    E1,
    E2,
    E3,
    LOST,
    OTHER_PHONE,
    PHONE,
    REASSIGNED,
    TABLET,
    claimed,
    fact,
    picked_up,
)


def kinds(*facts: Fact) -> list[FindingKind]:
    return [finding.kind for finding in settle(facts).findings]


def test_nothing_stated_settles_nothing():
    settled = settle([claimed()])

    assert (settled.stage, settled.custodian, settled.level) == (None, "", None)
    assert not settled.is_pickup_inferred


def test_collection_puts_the_claimant_in_charge():
    settled = settle([claimed(), picked_up()])

    assert (settled.stage, settled.custodian, settled.level) == (Stage.WITH_DRIVER, DINA, E2)
    assert settled.findings == ()


def test_word_of_the_claimant_counts_without_a_code():
    settled = settle([claimed(), picked_up(level=E0)])

    assert (settled.stage, settled.level) == (Stage.WITH_DRIVER, E0)


class TestLevels:
    def test_scanned_code_that_the_tablet_lists_is_mutual(self):
        pickup = picked_up(device=PHONE, token=(TABLET, "aa"))
        release = fact(FactKind.RELEASED, "", device=TABLET, shown=("99", "aa"))

        assert settle([claimed(), pickup, release]).pickup_level is E3

    def test_shown_code_that_the_tablet_embeds_is_mutual(self):
        pickup = picked_up(level=E0, device=PHONE, shown=("bb",))
        release = fact(FactKind.RELEASED, DINA, E2, device=TABLET, token=(PHONE, "bb"))

        assert settle([claimed(), pickup, release]).pickup_level is E3

    @pytest.mark.parametrize(
        "release",
        [
            fact(FactKind.RELEASED, "", device=TABLET, shown=("99",)),
            fact(FactKind.RELEASED, "", device=99, shown=("aa",)),
            fact(
                FactKind.RELEASED, "", device=TABLET, shown=("aa",), window=(90_000_000, 91_000_000)
            ),
        ],
        ids=["another code", "another tablet", "another day"],
    )
    def test_statements_about_two_meetings_are_not_mutual(self, release: Fact):
        pickup = picked_up(device=PHONE, token=(TABLET, "aa"))

        assert settle([claimed(), pickup, release]).pickup_level is E2

    def test_tablet_that_embeds_the_phones_code_is_enough(self):
        release = fact(FactKind.RELEASED, DINA, E2, device=TABLET, token=(PHONE, "bb"))

        settled = settle([claimed(), release])

        assert (settled.stage, settled.custodian, settled.pickup_level) == (
            Stage.WITH_DRIVER,
            DINA,
            E2,
        )

    def test_tablet_alone_moves_nothing(self):
        assert settle([claimed(), fact(FactKind.RELEASED, "", device=TABLET)]).stage is None


class TestConflicts:
    def test_c1_custody_beats_assignment(self):
        settled = settle([*REASSIGNED, picked_up()])

        assert settled.custodian == DINA
        assert settled.findings == (Finding(FindingKind.CUSTODY_BEATS_ASSIGNMENT, (DAN, DINA)),)

    def test_c2_word_alone_does_not_beat_assignment(self):
        settled = settle([*REASSIGNED, picked_up(level=E1)])

        assert (settled.stage, settled.custodian) == (None, "")
        assert settled.findings == (Finding(FindingKind.ASSIGNMENT_STAYS, (DINA,), waits=True),)

    def test_c3_two_proofs_hold_everything(self):
        settled = settle([*REASSIGNED, picked_up(), picked_up(DAN)])

        assert (settled.custodian, settled.is_held) == (DINA, True)
        assert settled.findings == (Finding(FindingKind.DOUBLE_CUSTODY, (DAN, DINA), waits=True),)

    def test_c3_is_over_when_a_person_has_decided(self):
        ruled = fact(FactKind.RULED, DAN, order=9)

        settled = settle([*REASSIGNED, picked_up(), picked_up(DAN), ruled])

        assert (settled.custodian, settled.is_held, settled.findings) == (DAN, False, ())

    def test_c4_collected_while_cancelled_goes_back(self):
        settled = settle([claimed(), CANCELLED, picked_up()])

        assert settled.stage is Stage.GOING_BACK
        assert settled.findings == (Finding(FindingKind.COLLECTED_AFTER_CANCEL, (DINA,)),)

    def test_c4_word_alone_leaves_it_cancelled(self):
        settled = settle([claimed(), CANCELLED, picked_up(level=E0)])

        assert settled.stage is None
        assert settled.findings == (
            Finding(FindingKind.COLLECTED_AFTER_CANCEL, (DINA,), waits=True),
        )

    @pytest.mark.parametrize(("level", "stage"), [(E2, Stage.DELIVERED), (E1, Stage.WITH_DRIVER)])
    def test_c5_customers_proof_beats_lost(self, level: EvidenceLevel, stage: Stage):
        delivered = fact(FactKind.DELIVERED, level=level)

        settled = settle([claimed(), picked_up(), LOST, delivered])

        assert settled.stage is stage
        finding = Finding(FindingKind.LOST_BUT_DELIVERED, (DINA,), waits=level is E1)
        assert settled.findings == (finding,)

    def test_c6_two_deliveries_are_an_incident(self):
        ends = [fact(FactKind.DELIVERED, who, E2) for who in (DINA, DAN)]

        settled = settle([*REASSIGNED, picked_up(), *ends])

        assert settled.stage is Stage.DELIVERED
        assert FindingKind.DOUBLE_DELIVERY in kinds(*REASSIGNED, picked_up(), *ends)
        assert not settled.is_held

    def test_c8_counts_that_differ_are_seen_and_stop_nothing(self):
        release = fact(FactKind.RELEASED, "", device=TABLET, parcels=3)

        settled = settle([claimed(), picked_up(), release])

        assert settled.stage is Stage.WITH_DRIVER
        assert settled.findings == (Finding(FindingKind.COUNT_MISMATCH, (DINA,)),)


class TestEnds:
    def test_delivery_before_its_collection_infers_it(self):
        settled = settle([claimed(), fact(FactKind.DELIVERED, level=E1)])

        assert (settled.stage, settled.is_pickup_inferred) == (Stage.DELIVERED, True)

    def test_collection_that_comes_later_replaces_the_inferred_one(self):
        settled = settle([claimed(), fact(FactKind.DELIVERED, level=E1), picked_up()])

        assert (settled.is_pickup_inferred, settled.pickup_level, settled.level) == (False, E2, E1)

    def test_photo_of_somebody_without_the_parcels_ends_nothing(self):
        photo = fact(FactKind.DELIVERED, DAN, E1)

        settled = settle([*REASSIGNED, picked_up(), photo])

        assert (settled.stage, settled.custodian) == (Stage.WITH_DRIVER, DINA)

    def test_failed_door_sends_parcels_back_and_the_desk_takes_them(self):
        failed = fact(FactKind.FAILED)
        returned = fact(FactKind.RETURNED, "", E2)

        assert settle([claimed(), picked_up(), failed]).stage is Stage.GOING_BACK
        settled = settle([claimed(), picked_up(), failed, returned])
        assert (settled.stage, settled.level) == (Stage.RETURNED, E2)

    def test_run_given_back_leaves_a_word_without_weight(self):
        facts = [claimed(), fact(FactKind.UNCLAIMED, order=2), picked_up(level=E0)]

        assert settle(facts).custodian == ""
        assert kinds(*facts) == [FindingKind.ASSIGNMENT_STAYS]

    def test_somebody_elses_release_is_not_a_claims_end(self):
        facts = [claimed(), fact(FactKind.UNCLAIMED, DAN, order=2), picked_up(level=E0)]

        assert settle(facts).custodian == DINA

    def test_customers_own_proof_ends_it_whoever_is_in_charge(self):
        both = [*REASSIGNED, picked_up(), picked_up(DAN)]

        proved = settle([*both, fact(FactKind.DELIVERED, DAN, E2)])
        said = settle([*both, fact(FactKind.DELIVERED, DAN, E1)])

        assert (proved.custodian, proved.stage) == (DINA, Stage.DELIVERED)
        assert (said.custodian, said.stage) == (DINA, Stage.WITH_DRIVER)

    @pytest.mark.parametrize(("driver", "is_approved"), [("", True), (DINA, True), (DAN, False)])
    def test_managers_yes_is_for_the_one_who_collected(self, driver: str, *, is_approved: bool):
        release = fact(FactKind.RELEASED, driver, is_approved=True)

        assert settle([claimed(), picked_up(), release]).is_approved is is_approved


stated = st.builds(
    fact,
    st.sampled_from(
        [
            FactKind.PICKED_UP,
            FactKind.RELEASED,
            FactKind.DELIVERED,
            FactKind.FAILED,
            FactKind.RETURNED,
            FactKind.CANCELLED,
            FactKind.LOST,
            FactKind.RULED,
        ]
    ),
    st.sampled_from([DINA, DAN, ""]),
    st.sampled_from([E0, E1, E2]),
    id=st.uuids().map(str),
    at_ms=st.integers(0, 100),
    parcels=st.integers(1, 3),
    device=st.sampled_from([PHONE, OTHER_PHONE, TABLET]),
    token=st.none() | st.tuples(st.sampled_from([PHONE, TABLET]), st.sampled_from(["aa", "bb"])),
    shown=st.lists(st.sampled_from(["aa", "bb"]), unique=True).map(tuple),
    order=st.integers(4, 50),
)


@given(st.lists(stated, max_size=7), st.randoms(use_true_random=False), st.data())
def test_order_of_arrival_never_matters(facts: list[Fact], random, data: st.DataObject):
    facts = [*REASSIGNED[: data.draw(st.integers(0, 3))], *facts]
    shuffled = [*facts]
    random.shuffle(shuffled)

    assert settle(facts) == settle(shuffled)


@given(st.lists(stated, max_size=6))
def test_more_proof_never_sends_parcels_to_somebody_later(facts: list[Fact]):
    before = settle([*REASSIGNED, *facts])

    after = settle([*REASSIGNED, *facts, picked_up()])

    if FactKind.RULED not in {each.kind for each in facts}:
        assert after.custodian in {DINA, ""}
    assert before.custodian in {DINA, DAN, ""}


def test_every_order_of_one_story_gives_one_end():
    story = [*REASSIGNED, picked_up(), picked_up(DAN, E1), fact(FactKind.DELIVERED, level=E2)]

    ends = {repr(settle(order)) for order in itertools.permutations(story)}

    assert len(ends) == 1
