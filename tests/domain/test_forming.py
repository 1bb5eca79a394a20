import dataclasses
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import forming
from app.domain.forming import FormingSite, OfferedRun, OpenDelivery, RunPlan, form, plan_run
from app.domain.geo import Point
from app.domain.vehicle import LARGEST_L

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SITE = FormingSite(Point(33.3012, -111.8990), Point(33.3008, -111.8992))
FORMER: forming.Former = form


def delivery(name: str, *, north_km: float = 3, **changes: object) -> OpenDelivery:
    """A delivery of one store, ready now, due within two hours, this far north of the mall."""
    usual = OpenDelivery(
        id=name,
        store_id="str_apple",
        store_point=Point(33.3022, -111.8997),
        floor=0,
        dropoff=Point(33.3015 + north_km / 111.195, -111.8990),
        window_from=NOW,
        window_until=NOW + timedelta(hours=2),
        ready_at=NOW,
        parcels=1,
    )
    return dataclasses.replace(usual, **changes)  # pyright: ignore[reportArgumentType]


@st.composite
def deliveries(draw: st.DrawFn, prefix: str = "dlv") -> list[OpenDelivery]:
    """Up to a dozen deliveries of four stores; doors, windows and ready times vary widely."""
    return [
        delivery(
            f"{prefix}_{number}",
            store_id=(store := draw(st.sampled_from("abcd"))),
            store_point=Point(33.3015 + ord(store) / 1e5, -111.8990),
            floor=ord(store) % 2,
            dropoff=Point(
                33.3015 + draw(st.integers(-80, 80)) / 1_000,
                -111.8990 + draw(st.integers(-80, 80)) / 1_000,
            ),
            window_from=(start := NOW + timedelta(minutes=draw(st.integers(-60, 180)))),
            window_until=start + timedelta(minutes=draw(st.integers(20, 240))),
            ready_at=NOW + timedelta(minutes=draw(st.integers(-60, 90))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def carried(plans: tuple[RunPlan, ...]) -> list[str]:
    return sorted(name for plan in plans for name in plan.delivery_ids)


@settings(max_examples=60)
@given(deliveries())
def test_every_order_is_in_exactly_one_run(open_deliveries: list[OpenDelivery]):
    plans = form(open_deliveries, (), SITE, NOW)

    assert carried(plans) == sorted(each.id for each in open_deliveries)


@settings(max_examples=60)
@given(deliveries(), deliveries("old"))
def test_offered_run_keeps_what_it_has(
    open_deliveries: list[OpenDelivery], before: list[OpenDelivery]
):
    offered = [OfferedRun(f"run_{each.id}", (each,)) for each in before]

    plans = form(open_deliveries, offered, SITE, NOW)

    assert [name for name in carried(plans) if name.startswith("dlv")] == sorted(
        each.id for each in open_deliveries
    )
    assert all(
        plan.run_id is None or plan.run_id.removeprefix("run_") in plan.delivery_ids
        for plan in plans
    )


@settings(max_examples=60)
@given(deliveries())
def test_orders_that_share_a_run_fit_together(open_deliveries: list[OpenDelivery]):
    by_id = {each.id: each for each in open_deliveries}

    shared = [plan for plan in form(open_deliveries, (), SITE, NOW) if len(plan.delivery_ids) > 1]

    for plan in shared:
        orders = [by_id[name] for name in plan.delivery_ids]
        common_from = max(each.window_from for each in orders)
        common_until = min(each.window_until for each in orders)
        assert len(orders) <= 8
        assert common_until - common_from >= timedelta(minutes=30)
        assert plan.keeps_windows


@settings(max_examples=60)
@given(deliveries(), st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(
    open_deliveries: list[OpenDelivery], chance: random.Random
):
    shuffled = open_deliveries.copy()
    chance.shuffle(shuffled)

    assert form(shuffled, (), SITE, NOW) == form(open_deliveries, (), SITE, NOW)


def test_eight_orders_share_a_run_and_the_ninth_starts_another():
    plans = form([delivery(f"dlv_{number}") for number in range(9)], (), SITE, NOW)

    assert [len(plan.delivery_ids) for plan in plans] == [8, 1]
    assert [plan.run_id for plan in plans] == [None, None]


def test_order_joins_an_offered_run_that_keeps_every_window():
    offered = OfferedRun("run_one", (delivery("dlv_old"),))

    (plan,) = form([delivery("dlv_new", north_km=4)], [offered], SITE, NOW)

    assert (plan.run_id, plan.delivery_ids) == ("run_one", ("dlv_old", "dlv_new"))


def test_offered_run_without_a_newcomer_is_not_returned():
    offered = OfferedRun("run_one", (delivery("dlv_old"),))

    assert form([], [offered], SITE, NOW) == ()


def test_order_that_would_break_a_window_starts_its_own_run():
    tight = delivery("dlv_old", north_km=4, window_until=NOW + timedelta(minutes=31))
    offered = OfferedRun("run_one", (tight,))
    slow = delivery("dlv_new", ready_at=NOW + timedelta(minutes=29))

    (plan,) = form([slow], [offered], SITE, NOW)

    assert (plan.run_id, plan.delivery_ids) == (None, ("dlv_new",))


def test_windows_with_less_than_half_an_hour_in_common_stay_apart():
    early = delivery("dlv_early", window_until=NOW + timedelta(hours=1))
    late = delivery(
        "dlv_late",
        window_from=NOW + timedelta(minutes=31),
        window_until=NOW + timedelta(hours=3),
    )

    assert len(form([early, late], (), SITE, NOW)) == 2


def test_order_joins_the_run_that_grows_least():
    north = OfferedRun("run_north", (delivery("dlv_north", north_km=6),))
    south = OfferedRun("run_a_south", (delivery("dlv_south", north_km=-6),))

    (plan,) = form([delivery("dlv_new", north_km=5)], [north, south], SITE, NOW)

    assert plan.run_id == "run_north"


def test_full_runs_and_far_ones_are_not_planned_for_a_new_order(monkeypatch: pytest.MonkeyPatch):
    planned: list[int] = []

    def counted(*given, **more):
        planned.append(1)
        return plan_run(*given, **more)

    monkeypatch.setattr(forming, "plan_run", counted)
    offered = [
        OfferedRun(f"run_{number}", (delivery(f"dlv_{number}", north_km=number / 10),))
        for number in range(100)
    ]

    (plan,) = form([delivery("dlv_new", north_km=7.71)], offered, SITE, NOW)

    assert plan.run_id in {"run_76", "run_77", "run_78"}
    assert len(planned) <= 2 * forming.RUNS_TRIED


def test_late_order_travels_alone_and_is_not_forgotten():
    late = delivery("dlv_late", window_from=NOW - timedelta(hours=3), window_until=NOW)

    plans = form([late, delivery("dlv_fine")], (), SITE, NOW)

    assert [(plan.delivery_ids, plan.keeps_windows) for plan in plans] == [
        (("dlv_late",), False),
        (("dlv_fine",), True),
    ]


def test_order_that_a_run_carries_already_is_left_there():
    offered = OfferedRun("run_one", (delivery("dlv_old"),))

    assert form([delivery("dlv_old")], [offered], SITE, NOW) == ()


def test_better_forming_can_take_the_place():
    assert carried(FORMER([delivery("dlv_one")], (), SITE, NOW)) == ["dlv_one"]


@pytest.mark.parametrize("count", [1, 5, 6])
def test_parcels_are_counted(count: int):
    (plan,) = form([delivery(f"dlv_{n}", parcels=2) for n in range(count)], (), SITE, NOW)

    assert plan.parcel_count == 2 * count


def test_runs_take_no_more_than_the_largest_vehicle():
    half = LARGEST_L // 2
    orders = [delivery(f"dlv_{number}", litres=half) for number in range(4)]

    plans = form(orders, (), SITE, NOW)

    assert [len(plan.delivery_ids) for plan in plans] == [2, 2]
    assert not forming.may_travel_together(orders[:3])
