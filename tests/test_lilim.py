"""The bench's check of answers to Li and Lim's instances: each broken rule is seen."""

import pytest

from bench.lilim import Instance, instances

#: Two tasks on a line: 1 to 2, and 3 to 4. Each line: x, y, demand, from, until, service, pickup,
#: delivery.
PLACES = [
    [0, 0, 0, 0, 100, 0, 0, 0],
    [1, 0, 5, 0, 100, 0, 0, 2],
    [2, 0, -5, 0, 100, 0, 1, 0],
    [3, 0, 5, 10, 20, 0, 0, 4],
    [4, 0, -5, 0, 30, 0, 3, 0],
]


def instance(places: list[list[int]] = PLACES) -> Instance:
    return Instance("two", 4, 2, 5, places, best_vehicles=1, best_cost=1_008)


def test_right_answer_costs_its_vehicles_and_ways():
    assert instance().gap([[1, 2, 3, 4]]) == 0
    assert instance().gap([[1, 2], [3, 4]]) == pytest.approx((2_000 + 4 + 8) / 1_008 - 1)


@pytest.mark.parametrize(
    "routes",
    [
        [],
        [[1, 2]],
        [[1, 2, 1, 2, 3, 4]],
        [[2, 1, 3, 4]],
        [[1, 3, 2, 4]],
        [[1], [2], [3, 4]],
        [[1, 4], [3, 2]],
    ],
    ids=["none", "left out", "twice", "backwards", "too full", "too many", "torn apart"],
)
def test_answer_that_breaks_a_rule_is_none(routes: list[list[int]]):
    assert not instance().is_answered(routes)
    assert instance().gap(routes) == 4_000 / 1_008 - 1


def test_service_that_begins_too_late_is_no_answer():
    late = [*PLACES[:4], [4, 0, -5, 0, 10, 0, 3, 0]]

    assert not instance(late).is_answered([[1, 2, 3, 4]])


def test_instances_are_whole():
    found = list(instances())

    assert [each.tasks for each in found] == [100] * 12 + [200] * 6
    assert all(sum(place[2] for place in each.places) == 0 for each in found)
