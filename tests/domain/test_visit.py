"""A carrier's phone at a counter: which codes open a visit, what falls into it, what it shows."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.handoff import EvidenceLevel
from app.domain.tokens import NO_ANCHOR, Presence, ticket_set_of
from app.domain.visit import BRINGS, VISIT_LIFE, ends_at, intake_level, is_within, refuse_carrier

NOW = datetime(2026, 11, 24, 16, 40, tzinfo=UTC)
NOW_S = NOW.timestamp()
HANDLE = "00112233aabbccdd"
ELSEWHERE = 8


def presence(*, age_s: int = 0, store: int = 7, ticket_set: bytes = BRINGS) -> Presence:
    return Presence(
        kid=1,
        iat=int(NOW_S) - age_s,
        anchor=NO_ANCHOR,
        nonce=bytes(8),
        store=store,
        ticket_set=ticket_set,
    )


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (presence(), None),
        (presence(age_s=60), None),
        (presence(age_s=61), "driver_code_old"),
        (presence(age_s=-30), None),
        (presence(age_s=-31), "code_from_future"),
        (presence(store=ELSEWHERE), "carrier_elsewhere"),
        (presence(ticket_set=ticket_set_of([HANDLE])), "carrier_collects"),
        # Nothing that a code for another counter says is this counter's.
        (presence(store=ELSEWHERE, age_s=61, ticket_set=bytes(4)), "carrier_elsewhere"),
    ],
)
def test_a_code_opens_a_visit_or_says_why_not(code: Presence, refusal: str | None):
    assert refuse_carrier(code, store_number=7, at=NOW, now=NOW) == refusal


@pytest.mark.parametrize(
    ("age_s", "later", "refusal"),
    [
        (0, timedelta(hours=2), None),
        (120, timedelta(hours=2), None),
        (121, timedelta(hours=2), "driver_code_old"),
        (-120, timedelta(hours=2), None),
        (-121, timedelta(hours=2), "driver_code_old"),
        (601, timedelta(hours=2), "driver_code_old"),
        (0, timedelta(days=7, seconds=1), "driver_code_old"),
        (-300, timedelta(seconds=61), "code_from_future"),
    ],
)
def test_a_code_that_was_kept_without_signal_fits_the_desks_time(
    age_s: int, later: timedelta, refusal: str | None
):
    code = presence(age_s=age_s)

    assert refuse_carrier(code, store_number=7, at=NOW, now=NOW + later) == refusal


@pytest.mark.parametrize(
    ("ended_after_min", "at_min", "is_in"),
    [
        (None, 0, True),
        (None, 30, True),
        (None, 31, False),
        (None, -1, True),
        (None, -2, False),
        (10, 10, True),
        (10, 11, False),
        # Ended long after it was over.
        (45, 31, False),
    ],
)
def test_a_parcel_belongs_to_a_visit_by_the_desks_time(
    ended_after_min: int | None, at_min: int, *, is_in: bool
):
    ended = None if ended_after_min is None else NOW + timedelta(minutes=ended_after_min)
    at = NOW + timedelta(minutes=at_min)

    assert is_within(NOW, ended, at=at, now=NOW + timedelta(hours=2)) is is_in


def test_what_a_desk_tells_after_a_week_belongs_to_no_visit():
    at = NOW + timedelta(minutes=5)

    assert is_within(NOW, None, at=at, now=at + timedelta(days=7))
    assert not is_within(NOW, None, at=at, now=at + timedelta(days=7, seconds=1))


def test_a_visit_ends_by_itself():
    assert ends_at(NOW, None) == NOW + VISIT_LIFE
    assert ends_at(NOW, NOW + timedelta(minutes=3)) == NOW + timedelta(minutes=3)


@pytest.mark.parametrize(
    ("has_label", "is_in_visit", "level"),
    [
        (False, False, EvidenceLevel.E0),
        (False, True, EvidenceLevel.E0),
        (True, False, EvidenceLevel.E1),
        (True, True, EvidenceLevel.E2),
    ],
)
def test_only_a_label_and_a_phone_together_show_both_sides(
    level: EvidenceLevel, *, has_label: bool, is_in_visit: bool
):
    assert intake_level(has_label=has_label, is_in_visit=is_in_visit) is level
