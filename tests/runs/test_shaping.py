"""Runs put together by hand: pinned, split, merged, and never one that a driver has."""

import pytest

from app import clock
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.runs import forming, queries, raising, regrouping, shaping
from tests.factories import Mall
from tests.personas import Driver

pytestmark = pytest.mark.both_engines

WHY = "The customer asked"


def act() -> Act:
    return Act("person:per_desmond", clock.now(), clock.now())


def pins(mall: Mall, run_id: str, *, is_pinned: bool = True) -> None:
    with mall.writing():
        shaping.pin(run_id, is_pinned=is_pinned, reason=WHY, act=act())


def splits(mall: Mall, run_id: str, delivery_ids: list[str]) -> str:
    with mall.writing():
        return shaping.split(run_id, delivery_ids, reason=WHY, act=act())


def merges(mall: Mall, run_id: str, other_id: str) -> list[str]:
    with mall.writing():
        return shaping.merge(run_id, other_id, reason=WHY, act=act())


def pay(mall: Mall, run_id: str) -> int:
    with mall.reading():
        return sum(line.amount_minor for line in queries.pay_lines([run_id])[run_id])


def carried(mall: Mall, run_id: str) -> set[str]:
    return {row.id for row in mall.deliveries_of(run_id)}


def test_pinned_run_is_left_out_and_takes_no_new_order(mall: Mall):
    run_id = mall.offers()
    pins(mall, run_id)

    with mall.reading():
        seen = regrouping.look(mall.site_id, now=clock.now())
    mall.places(merchant_ref="A-2")
    offered = mall.forms_runs()

    assert seen.runs == ()
    assert len(offered) == 2
    assert len(carried(mall, run_id)) == 1


def test_unpinned_run_may_be_put_together_anew(mall: Mall):
    run_id = mall.offers()
    pins(mall, run_id)
    pins(mall, run_id)
    pins(mall, run_id, is_pinned=False)

    mall.places(merchant_ref="A-2")

    assert mall.forms_runs() == [run_id]
    assert mall.count(run_id, EventType.RUN_PINNED) == 1
    assert mall.count(run_id, EventType.RUN_UNPINNED) == 1


def test_split_makes_two_pinned_runs_and_forgets_nothing(mall: Mall):
    run_id = mall.offers({}, {"merchant_ref": "A-2"}, {"merchant_ref": "A-3"})
    before = carried(mall, run_id)
    leaving = sorted(before)[:1]

    with mall.reading():
        change = shaping.split_change(run_id, leaving, now=clock.now())
    other_id = splits(mall, run_id, leaving)

    assert carried(mall, other_id) == set(leaving)
    assert carried(mall, run_id) == before - set(leaving)
    assert mall.run(run_id).pinned_at is not None is not mall.run(other_id).pinned_at
    assert change.after.pay_minor == pay(mall, run_id) + pay(mall, other_id)
    assert change.after.duration_s > change.before.duration_s
    assert mall.count(other_id, EventType.RUN_SPLIT) == 1


def test_merge_is_undone_by_a_split(mall: Mall):
    first, second = mall.offers_two()
    was = carried(mall, first), carried(mall, second)

    moved = merges(mall, first, second)

    assert carried(mall, first) == was[0] | was[1]
    assert mall.run(second).status == "cancelled"
    again = splits(mall, first, moved)
    assert (carried(mall, first), carried(mall, again)) == was
    assert [mall.run(each).status for each in (first, again)] == ["offered", "offered"]


def test_merged_run_keeps_the_higher_raise(mall: Mall):
    first, second = mall.offers_two()
    with mall.writing():
        now = clock.now() + (mall.run(second).window_from - clock.now()) / 2
        assert raising.raise_offer(second, now=now)
    raises = mall.run(second).raises

    merges(mall, first, second)

    assert mall.run(first).raises == raises > 0
    with mall.reading():
        assert "raise" in {line.kind for line in queries.pay_lines([first])[first]}


def test_claimed_run_is_its_drivers(mall: Mall, dina: Driver):
    first, second = mall.offers_two()
    assert dina.claim(first).status_code == 200
    before = pay(mall, first)
    (mine,) = carried(mall, first)

    for attempt in (
        lambda: pins(mall, first),
        lambda: splits(mall, first, [mine]),
        lambda: merges(mall, first, second),
        lambda: merges(mall, second, first),
    ):
        with pytest.raises(DomainError, match="run_not_on_offer"):
            attempt()
    assert pay(mall, first) == before


def test_nobody_splits_off_everything_or_nothing(mall: Mall):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})

    for chosen in ([], sorted(carried(mall, run_id)), ["dlv_of_another_run"]):
        with pytest.raises(DomainError, match="split_needs_two"):
            splits(mall, run_id, chosen)


def test_runs_that_are_too_large_together_stay_apart(mall: Mall):
    first, second = mall.offers_two()
    with mall.writing():
        for run_id in (first, second):
            for row in forming.waiting_in([run_id]):
                row.parcel_litres = 1_000

    with pytest.raises(DomainError, match="runs_do_not_fit"):
        merges(mall, first, second)
    with pytest.raises(DomainError, match="runs_do_not_fit"):
        merges(mall, first, first)


def test_why_of_a_claimed_run_is_that_of_its_claim(mall: Mall, dina: Driver):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})
    assert dina.claim(run_id).status_code == 200

    with mall.reading():
        run = queries.run(run_id)
        assert run is not None
        found = shaping.why(run, now=clock.now())

    assert {each.same_store for each in found} == {1}
    assert all(each.here.duration_s < each.alone.duration_s for each in found)
