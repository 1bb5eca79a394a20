"""Learning how long things take: slowly, from what is plausible, and never from a handful."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import eta
from app.domain.delivery import ProofKind
from app.domain.geo import Point
from app.domain.learned import (
    COUNT_MIN,
    DEFAULT_TIMES,
    MEMORY,
    ODD_RATIO,
    Learned,
    Observation,
    SiteTimes,
    Timed,
)
from app.domain.walking import Spot, walk_s

CAR, ENTRANCE = Spot(Point(33.3008, -111.8992), 0), Spot(Point(33.3012, -111.8990), 0)


def after(*ratios: float) -> Learned:
    learned = Learned()
    for ratio in ratios:
        learned = learned.plus(math.log(ratio))
    return learned


def seen(default_s: float, real_s: float) -> float | None:
    return Observation(Timed.DOOR, "none", default_s, real_s).log_ratio


def test_fewer_than_five_observations_change_nothing():
    assert after(*[3.0] * (COUNT_MIN - 1)).factor == 1.0
    assert after(*[3.0] * COUNT_MIN).factor > 1.1


def test_default_weighs_against_what_was_seen():
    few, many = after(*[2.0] * 5).factor, after(*[2.0] * 150).factor

    assert 1.2 < few < 1.5
    assert few < many
    assert many == pytest.approx(2.0, rel=0.05)


def test_mean_of_lognormal_times_is_learned_not_their_median():
    chance = random.Random(1)  # noqa: S311 - A simulation, no secret.
    ratios = [0.8 * math.exp(chance.gauss(0, 0.5)) for _ in range(MEMORY)]

    learned = after(*ratios).factor

    assert learned == pytest.approx(sum(ratios) / len(ratios), rel=0.05)
    assert learned > 1.05 * sorted(ratios)[MEMORY // 2]


@given(st.lists(st.floats(1 / ODD_RATIO, ODD_RATIO), max_size=60))
def test_factor_stays_between_what_was_seen_and_the_default(ratios: list[float]):
    assert min([1.0, *ratios]) * 0.9 <= after(*ratios).factor <= max([1.0, *ratios]) * 1.5


def test_old_times_fade():
    learned = after(*[3.0] * 1_000, *[1.0] * 400)

    assert learned.count == 1_400
    assert learned.weight == pytest.approx(MEMORY)
    assert learned.factor < 1.5


@pytest.mark.parametrize(
    ("default_s", "real_s"), [(90, 541), (90, 14), (90, 0), (90, -300), (3, 6)]
)
def test_breaks_forgotten_taps_and_wrong_clocks_say_nothing(default_s: float, real_s: float):
    assert seen(default_s, real_s) is None


@pytest.mark.parametrize("real_s", [15, 90, 540])
def test_plausible_times_count(real_s: float):
    assert seen(90, real_s) == pytest.approx(math.log(real_s / 90))


def test_without_history_everything_takes_its_default():
    assert DEFAULT_TIMES.parking_s(CAR, ENTRANCE) == eta.PARKING_S + walk_s(CAR, ENTRANCE)
    assert DEFAULT_TIMES.walk_s(CAR, ENTRANCE) == walk_s(CAR, ENTRANCE)
    assert DEFAULT_TIMES.counter_s("str_1", 3) == eta.handover_s(3)
    assert DEFAULT_TIMES.next_order_s("str_1") == eta.HANDOVER_NEXT_S
    assert {DEFAULT_TIMES.door_s(proof) for proof in ProofKind} == {eta.DOOR_S}


def test_each_store_proof_and_way_has_a_time_of_its_own():
    twice = after(*[2.0] * MEMORY)
    times = SiteTimes.of(
        {
            (Timed.PARKING, ""): twice,
            (Timed.COUNTER, "str_1"): twice,
            (Timed.DOOR, "pin"): twice,
            (Timed.WALK, ""): twice,
        }
    )

    assert times.counter_s("str_1", 2) == pytest.approx(2 * eta.handover_s(2), rel=0.05)
    assert times.counter_s("str_2", 2) == eta.handover_s(2)
    assert times.door_s(ProofKind.PIN) == pytest.approx(2 * eta.DOOR_S, rel=0.05)
    assert times.door_s(ProofKind.PHOTO) == eta.DOOR_S
    assert times.walk_s(CAR, ENTRANCE) > 1.8 * walk_s(CAR, ENTRANCE)
    assert times.parking_s(CAR, ENTRANCE) > 1.8 * eta.PARKING_S
