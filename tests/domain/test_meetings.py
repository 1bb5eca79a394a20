"""Both sides of each handoff, side by side, whatever the order in which they were heard."""

import itertools

from app.domain.facts import Fact, FactKind
from app.domain.handoff import EvidenceLevel
from app.domain.meetings import Meeting, MeetingKind, meetings_of

E0, E1, E2, E3 = EvidenceLevel
DINA, DAN = "per_dina", "per_dan"
PHONE, TABLET = 11, 21


def fact(kind: FactKind, driver: str = DINA, level: EvidenceLevel = E0, **given: object) -> Fact:
    fields = {"id": f"{kind}-{driver}", "at_ms": 1_000, "window": (0, 9_000)} | given
    return Fact(kind=kind, driver_id=driver, level=level, **fields)  # pyright: ignore[reportArgumentType]


SCANNED = fact(FactKind.PICKED_UP, level=E2, device=PHONE, token=(TABLET, "aa"), window=(50, 8_000))
GIVEN = fact(FactKind.RELEASED, "", device=TABLET, shown=("aa",), window=(100, 9_000))


def only(*facts: Fact) -> Meeting:
    (meeting,) = meetings_of(facts)
    return meeting


def test_nothing_said_is_no_meeting():
    assert meetings_of([fact(FactKind.CLAIMED), fact(FactKind.CANCELLED, "")]) == []


def test_two_sides_that_agree_are_one_meeting_in_the_narrower_window():
    meeting = only(SCANNED, GIVEN)

    assert (meeting.kind, meeting.driver_id) == (MeetingKind.COLLECTION, DINA)
    assert (meeting.level, meeting.window) == (E3, (100, 8_000))
    assert meeting.facts == (SCANNED, GIVEN)


def test_store_alone_names_nobody_and_proves_nothing():
    meeting = only(GIVEN)

    assert (meeting.driver_id, meeting.level, meeting.window) == ("", None, (100, 9_000))


def test_store_that_names_no_code_goes_with_the_only_driver_but_narrows_nothing():
    word = fact(FactKind.PICKED_UP, window=(0, 9_500))
    other = fact(FactKind.RELEASED, "", device=TABLET, shown=("zz",), window=(100, 9_000))

    meeting = only(word, other)

    assert (meeting.driver_id, meeting.level) == (DINA, E0)
    assert meeting.window == (100, 9_000)
    assert meeting.facts == (word, other)


def test_store_stands_alone_where_two_drivers_claim_and_none_agrees():
    pickups = [SCANNED, fact(FactKind.PICKED_UP, DAN)]
    other = fact(FactKind.RELEASED, "", device=TABLET, shown=("zz",))

    found = {meeting.driver_id: meeting.facts for meeting in meetings_of([*pickups, other])}

    assert found == {DINA: (SCANNED,), DAN: (pickups[1],), "": (other,)}


def test_store_goes_with_the_driver_whose_code_it_names():
    dans = fact(FactKind.PICKED_UP, DAN)

    found = {meeting.driver_id: meeting.level for meeting in meetings_of([dans, GIVEN, SCANNED])}

    assert found == {DINA: E3, DAN: E0}


def test_meetings_come_in_the_order_of_the_way():
    facts = [
        fact(FactKind.RETURNED, "", E2, at_ms=5_000),
        fact(FactKind.FAILED, at_ms=4_000),
        fact(FactKind.DELIVERED, level=E1, at_ms=3_000),
        SCANNED,
    ]

    found = [(meeting.kind, meeting.level) for meeting in meetings_of(facts)]

    assert found == [
        (MeetingKind.COLLECTION, E2),
        (MeetingKind.FAILURE, E0),
        (MeetingKind.DELIVERY, E1),
        (MeetingKind.RETURN, E2),
    ]


def test_order_of_hearing_changes_nothing():
    facts = [SCANNED, GIVEN, fact(FactKind.PICKED_UP, DAN), fact(FactKind.DELIVERED, DAN, E1)]

    assert len({str(meetings_of(each)) for each in itertools.permutations(facts)}) == 1
