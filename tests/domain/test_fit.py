"""Who is asked first for a run, and why somebody is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fit import Behind, Candidate, Misfit, Need, behind, by_fit, misfits, over_at
from app.domain.vehicle import CAPACITY_L, LARGEST_L, PARCEL_L, VehicleClass, smallest_for

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEED = Need(litres=300, duration_s=3_600, ends_at=NOW + HOUR)
DINA = Candidate("per_dina", 800, 450, None, has_block=False, waits_since=NOW - HOUR)


def test_smallest_vehicle_that_takes_it():
    assert smallest_for(60) is VehicleClass.BIKE
    assert smallest_for(61) is VehicleClass.CAR
    assert smallest_for(LARGEST_L) is VehicleClass.VAN
    assert smallest_for(LARGEST_L + 1) is None


def test_as_many_usual_parcels_as_an_order_may_have_fit_a_large_car():
    assert CAPACITY_L[VehicleClass.SUV] >= 20 * PARCEL_L


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"capacity_l": 300}, ()),
        ({"capacity_l": 299}, (Misfit.TOO_LARGE,)),
        ({"shift_until": NOW + 3 * HOUR}, ()),
        ({"shift_until": NOW + HOUR}, (Misfit.AFTER_SHIFT,)),
        ({"shift_until": over_at(NEED, DINA, NOW)}, ()),
        (
            {"capacity_l": 60, "shift_until": NOW + HOUR},
            (Misfit.TOO_LARGE, Misfit.AFTER_SHIFT),
        ),
        # Far away there is not enough time left for the same run.
        ({"shift_until": NOW + 1.1 * HOUR}, ()),
        ({"shift_until": NOW + 1.1 * HOUR, "away_m": 12_000}, (Misfit.AFTER_SHIFT,)),
    ],
)
def test_why_a_run_is_not_for_somebody(changes: dict[str, object], expected: tuple[Misfit, ...]):
    assert misfits(NEED, replace(DINA, **changes), NOW) == expected  # pyright: ignore[reportArgumentType]


def test_a_run_for_later_ends_when_it_is_planned_to():
    later = replace(NEED, ends_at=NOW + 5 * HOUR)

    here = replace(DINA, away_m=0)
    assert over_at(later, here, NOW) > NOW + 5 * HOUR
    assert over_at(replace(NEED, ends_at=None), here, NOW) == NOW + HOUR


def test_what_a_site_knows_of_ways_and_doors_counts():
    soon, slow_door = replace(NEED, ends_at=None), replace(NEED, ends_at=NOW + 2 * HOUR, door_s=600)

    assert over_at(soon, replace(DINA, way_s=1_800), NOW) == NOW + 1.5 * HOUR
    assert over_at(slow_door, DINA, NOW) == NOW + 2 * HOUR + timedelta(minutes=10)


def test_unknown_position_is_neither_near_nor_endlessly_far():
    unknown = replace(DINA, id="per_unknown", away_m=None)
    far = replace(DINA, id="per_far", away_m=15_000)

    assert [each.id for each in by_fit([far, unknown, DINA])] == [
        "per_dina",
        "per_unknown",
        "per_far",
    ]


def test_block_goes_before_distance_and_distance_before_waiting():
    block = replace(DINA, id="per_block", away_m=9_000, has_block=True)
    near = replace(DINA, id="per_near", away_m=100)
    patient = replace(DINA, id="per_patient", away_m=5_000, waits_since=NOW - 5 * HOUR)

    assert by_fit([patient, near, block]) == [block, near, patient]
    assert behind(block, near) is Behind.BLOCK
    assert behind(near, patient) is Behind.NEARER
    assert behind(None, near) is Behind.GONE


def test_few_metres_decide_nothing_and_waiting_does():
    patient = replace(DINA, id="per_patient", away_m=900, waits_since=NOW - 2 * HOUR)

    assert by_fit([DINA, patient]) == [patient, DINA]
    assert behind(patient, DINA) is Behind.WAITED


candidates = st.builds(
    Candidate,
    id=st.uuids().map(str),
    away_m=st.none() | st.integers(0, 40_000),
    capacity_l=st.sampled_from(sorted(CAPACITY_L.values())),
    shift_until=st.none(),
    has_block=st.booleans(),
    waits_since=st.integers(0, 500).map(lambda minutes: NOW - timedelta(minutes=minutes)),
)


@given(st.lists(candidates, unique_by=lambda each: each.id, max_size=8), st.randoms())
def test_order_of_the_taps_changes_nothing(asked: list[Candidate], chance):
    shuffled = asked[:]
    chance.shuffle(shuffled)

    assert by_fit(shuffled) == by_fit(asked)
