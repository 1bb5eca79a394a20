"""For any tips and any course of a run: tips pay for nothing else, and pay never falls."""

from collections.abc import Callable

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app import clock
from app.deliveries import queries as deliveries
from app.domain.delivery import DeliveryStatus
from app.persistence.base import Base
from app.runs import forming
from app.runs import queries as runs
from tests import factories, personas
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import signed_in

#: A fresh mall for each example; the application is the test run's.
EXAMPLES = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
tips = st.integers(0, 20_000)


def split(mall: Mall, run_id: str) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Return what a run pays without tips by kind and reference, and the tip of each delivery."""
    with mall.reading():
        found = runs.pay_lines([run_id])[run_id]
    rest = {(each.kind, each.ref): each.amount_minor for each in found if each.kind != "tip"}
    given_tips: dict[str, int] = {}
    for each in found:
        if each.kind == "tip":
            given_tips[each.ref] = given_tips.get(each.ref, 0) + each.amount_minor
    return rest, given_tips


def set_tip(mall: Mall, delivery_id: str, minor: int) -> None:
    table = Base.metadata.tables["delivery"]
    with mall.writing() as current:
        current.execute(
            update(table).where(table.c.id == delivery_id).values(tip_minor=minor, version=2)
        )


def plan_again(mall: Mall, run_id: str) -> None:
    with mall.writing():
        run = runs.run(run_id)
        assert run is not None
        forming.plan_offer(run, deliveries.deliveries_of_run(run_id), now=clock.now())


@EXAMPLES
@given(st.lists(st.tuples(tips, tips), min_size=1, max_size=3))
def test_adding_raising_or_lowering_tips_changes_no_other_line(
    engine: str, shared_apps: Callable[[str], Flask], changes: list[tuple[int, int]]
):
    mall = factories.a_mall(shared_apps(engine))
    with clock.frozen(clock.now()):
        run_id = mall.offers(*[{"tip_minor": before} for before, _after in changes])
        rest, first = split(mall, run_id)
        assert sorted(first.values()) == sorted(before for before, _after in changes if before)

        for row, (_before, after) in zip(mall.deliveries_of(run_id), changes, strict=True):
            set_tip(mall, row.id, after)
        plan_again(mall, run_id)

    changed, second = split(mall, run_id)
    assert changed == rest
    assert sorted(second.values()) == sorted(after for _before, after in changes if after)


STEPS = ("arrive", "collect_one", "collect_all", "cancel", "take_back", "deliver", "fail", "tips")


@EXAMPLES
@given(st.lists(tips, min_size=2, max_size=3), st.lists(st.sampled_from(STEPS), max_size=8))
def test_pay_of_a_claimed_run_never_falls(
    engine: str, shared_apps: Callable[[str], Flask], given_tips: list[int], steps: list[str]
):
    """Whatever happens, no line gets smaller; a tip goes only where its parcels go."""
    mall = factories.a_mall(shared_apps(engine))
    course = Course(mall, given_tips)
    before, tips_before = split(mall, course.run_id)

    for step in steps:
        getattr(course, step)()
        if mall.run(course.run_id).driver_id is None:
            return  # Nobody's: it is an offer again, and no pay was earned.
        after, tips_after = split(mall, course.run_id)
        assert {key: after.get(key, 0) for key in before} == before
        carried = {row.id for row in mall.deliveries_of(course.run_id)}
        kept = {ref: tip for ref, tip in tips_before.items() if ref in carried or tip == 0}
        assert {ref: tips_after.get(ref, 0) for ref in kept} == kept
        assert set(tips_after) <= set(tips_before)
        before, tips_before = after, tips_after


class Course:
    """A claimed run, and what may happen to it; a step that is not possible is refused."""

    def __init__(self, mall: Mall, given_tips: list[int]) -> None:
        self.mall = mall
        self.dina = personas.a_driver(mall, "Dina Diaz")
        self.carl = personas.a_clerk(mall, "Carl", mall.store)
        self.desmond = signed_in(mall, "Desmond Day", "dispatcher")
        self.run_id = claimed(self.dina, *[{"tip_minor": tip} for tip in given_tips])

    def arrive(self) -> None:
        for stop in (*self.dina.stops("pickup"), *self.dina.stops("dropoff"))[:1]:
            self.dina.arrive(stop)

    def collect_one(self) -> None:
        self._collect(1)

    def collect_all(self) -> None:
        self._collect(9)

    def _collect(self, count: int) -> None:
        waiting = [row for row in self.mall.deliveries_of(self.run_id) if _is_at_store(row.status)]
        stops = self.dina.stops("pickup")
        if waiting and stops:
            code = self.carl.release(self.dina, handles_of(waiting[:count]))
            self.dina.collect(self.carl.sign(code), stop=stops[0])

    def cancel(self) -> None:
        for row in self.mall.deliveries_of(self.run_id)[-1:]:
            self.carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock")

    def take_back(self) -> None:
        self.desmond.post(f"runs/{self.run_id}/take-back", reason="No answer")

    def deliver(self) -> None:
        for stop in self.dina.stops("dropoff")[:1]:
            self.dina.deliver(stop)

    def fail(self) -> None:
        for stop in self.dina.stops("dropoff")[:1]:
            self.dina.fail(stop)

    def tips(self) -> None:
        for row in self.mall.deliveries_of(self.run_id)[:1]:
            set_tip(self.mall, row.id, 0)


def _is_at_store(status: str) -> bool:
    return DeliveryStatus(status) in {
        DeliveryStatus.ENROUTE_TO_PICKUP,
        DeliveryStatus.ARRIVED_AT_PICKUP,
    }
