from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.geo import Point
from app.domain.lapse import (
    FIX_GOOD_FOR,
    GRACE,
    OVERDUE_AFTER,
    SETS_OUT_BEFORE,
    STILL_FOR,
    Verdict,
    Watched,
    verdict,
)
from app.domain.position import Fix

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SITE = Point(33.30, -111.89)
#: Some 5 km from the site; one step is some 500 m.
HOME_LAT, STEP = 33.345, 0.0045


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def fix(minutes: float, lat: float = HOME_LAT, accuracy_m: float = 10) -> Fix:
    return Fix(lat, SITE.lon_deg, accuracy_m, at(minutes))


def watched(*fixes: Fix, **given: datetime | None) -> Watched:
    """A claim of noon whose first counter is planned for five past."""
    claim = Watched(
        claimed_at=NOON,
        first_stop_at=at(5),
        kept_at=None,
        lapses_at=None,
        site=SITE,
        fixes=fixes,
    )
    return replace(claim, **given)


STANDING = tuple(fix(minute) for minute in range(0, 60, 2))


def standing_until(minutes: int) -> tuple[Fix, ...]:
    return tuple(each for each in STANDING if each.fixed_at <= at(minutes))


class TestStandingStill:
    def test_driver_who_surely_stands_is_warned(self):
        still = int(STILL_FOR.total_seconds() // 60)

        assert verdict(watched(*standing_until(still - 1)), at(still - 1)) is Verdict.LEAVE
        assert verdict(watched(*standing_until(still)), at(still)) is Verdict.WARN

    def test_claim_lapses_after_the_grace_and_not_before(self):
        warned = watched(*STANDING, lapses_at=at(25))

        assert verdict(warned, at(24)) is Verdict.LEAVE
        assert verdict(replace(warned, fixes=standing_until(25)), at(25)) is Verdict.LAPSE

    def test_movement_takes_the_warning_back(self):
        gone_on = watched(*standing_until(18), fix(20, HOME_LAT - STEP), lapses_at=at(26))

        assert verdict(gone_on, at(21)) is Verdict.CLEAR

    def test_wobbling_position_is_no_movement(self):
        wobbling = [
            fix(minute, HOME_LAT + 0.0015 * (minute % 4), 120) for minute in range(0, 17, 2)
        ]

        assert verdict(watched(*wobbling), at(16)) is Verdict.WARN

    def test_slow_way_is_movement(self):
        slow = [fix(minute, HOME_LAT - 0.0004 * minute) for minute in range(0, 31, 2)]

        assert verdict(watched(*slow), at(30)) is Verdict.LEAVE

    def test_standing_at_the_site_is_looking_for_parking(self):
        parked = [fix(minute, SITE.lat_deg + 0.002) for minute in range(0, 31, 2)]

        assert verdict(watched(*parked), at(30)) is Verdict.LEAVE

    def test_run_for_later_need_not_move_yet(self):
        later = watched(*STANDING, first_stop_at=at(90))
        sets_out = 90 - SETS_OUT_BEFORE.total_seconds() / 60

        assert verdict(later, at(59)) is Verdict.LEAVE
        assert sets_out == 60

    def test_word_of_the_driver_begins_the_time_again(self):
        kept = watched(*STANDING, kept_at=at(20))

        assert verdict(replace(kept, fixes=standing_until(34)), at(34)) is Verdict.LEAVE
        assert verdict(replace(kept, fixes=standing_until(35)), at(35)) is Verdict.WARN


class TestNoFixIsNotNoMovement:
    def test_without_any_position_nobody_stands_still(self):
        assert verdict(watched(), at(40)) is Verdict.LEAVE

    def test_old_position_means_unknown(self):
        silent = watched(*standing_until(14))
        good_for = FIX_GOOD_FOR.total_seconds() / 60

        assert verdict(silent, at(14 + good_for)) is Verdict.WARN
        assert verdict(silent, at(14 + good_for + 1)) is Verdict.LEAVE

    def test_time_out_of_sight_counts_as_movement(self):
        gap = watched(*standing_until(8), *(fix(minute) for minute in range(20, 31, 2)))

        assert verdict(gap, at(30)) is Verdict.LEAVE

    def test_overdue_claim_is_warned_whatever_is_known(self):
        overdue = OVERDUE_AFTER.total_seconds() / 60

        assert verdict(watched(), at(overdue - 1)) is Verdict.LEAVE
        assert verdict(watched(), at(overdue)) is Verdict.WARN


instants = st.integers(0, 180).map(at)
tracks = st.lists(
    st.builds(
        fix,
        st.integers(0, 120),
        st.floats(33.30, 33.40),
        st.floats(0, 100),
    ),
    max_size=20,
).map(lambda fixes: sorted(fixes, key=lambda each: each.fixed_at))


@given(tracks, instants)
def test_claim_never_lapses_without_a_warning_and_its_grace(track: list[Fix], now: datetime):
    assert verdict(watched(*track), now) is not Verdict.LAPSE
    assert verdict(watched(*track, lapses_at=now + GRACE), now) is not Verdict.LAPSE


@given(tracks, instants)
def test_without_a_fresh_position_only_being_overdue_warns(track: list[Fix], now: datetime):
    old = [each for each in track if now - each.fixed_at > FIX_GOOD_FOR]

    if verdict(watched(*old), now) is Verdict.WARN:
        assert now >= NOON + OVERDUE_AFTER
