from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.wave import BAYS, QUARTER, SORTING, Berth, berth_for

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
FULL = range(1, BAYS + 1)
minutes = st.integers(0, 600).map(lambda each: timedelta(minutes=each))
berths = st.dictionaries(
    st.integers(0, 8).map(lambda each: NOON + QUARTER * each), st.sets(st.sampled_from(FULL))
)


def after(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


@pytest.mark.parametrize(
    ("ready", "starts", "latest", "wave"),
    [
        (0, 0, 300, 15),
        (5, 0, 300, 15),
        (5.5, 0, 300, 30),
        (0, 31, 300, 45),
        # The quarter after would be late, the one before is not, and all is sorted by then.
        (0, 31, 40, 30),
        # In time to the second, both times.
        (0, 31, 45, 45),
        (20, 31, 40, 30),
        # What is not sorted cannot leave, late or not.
        (25, 31, 40, 45),
    ],
)
def test_a_run_leaves_on_the_quarter_that_keeps_its_windows(
    ready: float, starts: float, latest: float, wave: float
):
    berth = berth_for(
        ready_at=after(ready), starts_at=after(starts), latest=after(latest), taken={}
    )

    assert berth == Berth(after(wave), 1)


def test_a_run_takes_the_lowest_free_bay():
    berth = berth_for(
        ready_at=NOON, starts_at=NOON, latest=after(300), taken={after(15): {1, 2, 4}}
    )

    assert berth == Berth(after(15), 3)


def test_a_full_wave_passes_a_run_on():
    taken = {after(15): FULL, after(30): FULL}

    berth = berth_for(ready_at=NOON, starts_at=NOON, latest=after(300), taken=taken)

    assert berth == Berth(after(45), 1)


@pytest.mark.parametrize(("present", "kept"), [(15, 7), (30, 1)])
def test_a_run_keeps_its_bay_as_long_as_its_wave_stays(present: int, kept: int):
    berth = berth_for(
        ready_at=NOON,
        starts_at=NOON,
        latest=after(300),
        taken={},
        present=Berth(after(present), 7),
    )

    assert berth == Berth(after(15), kept)


@given(minutes, minutes, minutes, berths)
def test_a_berth_is_free_on_a_quarter_and_after_sorting(
    ready: timedelta, starts: timedelta, latest: timedelta, taken: dict[datetime, set[int]]
):
    ready_at = NOON + ready
    berth = berth_for(ready_at=ready_at, starts_at=NOON + starts, latest=NOON + latest, taken=taken)

    assert berth.wave_at >= ready_at + SORTING
    assert (berth.wave_at - NOON) % QUARTER == timedelta(0)
    assert berth.bay in FULL
    assert berth.bay not in taken.get(berth.wave_at, ())
