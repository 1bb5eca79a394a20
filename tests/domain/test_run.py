from datetime import timedelta

import pytest

from app.domain.run import HELD, LEGAL_NEXT, PAUSE, RELEASE_SPAN, RunStatus, pause_left


def ages(*minutes: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=each) for each in minutes)


def test_every_status_has_its_next_ones():
    assert set(LEGAL_NEXT) == set(RunStatus)


def test_ends_are_ends():
    ends = {status for status, after in LEGAL_NEXT.items() if not after}

    assert ends == {RunStatus.FINISHED, RunStatus.EXPIRED, RunStatus.CANCELLED}


def test_held_run_ends_finished_or_goes_back_to_the_list():
    for status in HELD:
        assert LEGAL_NEXT[status] <= HELD | {RunStatus.FINISHED, RunStatus.OFFERED}


@pytest.mark.parametrize(
    ("releases", "left"),
    [
        ((), timedelta(0)),
        (ages(0, 1), timedelta(0)),
        (ages(0, 1, 2), PAUSE),
        (ages(0.5, 1, 2), PAUSE - timedelta(minutes=0.5)),
        (ages(2, 3, 4), timedelta(0)),
        (ages(0, 1, 10), timedelta(0)),
        (ages(0, 1, 9.99), PAUSE),
    ],
)
def test_third_release_in_a_short_time_costs_a_pause(
    releases: tuple[timedelta, ...], left: timedelta
):
    assert timedelta(minutes=10) == RELEASE_SPAN
    assert pause_left(releases) == left
