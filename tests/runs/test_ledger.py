"""Pay after the claim: lines stay, what is added refers, and the end of a run adds what it took."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from app import clock
from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.persistence.ids import new_id
from app.runs import custody_runs
from app.runs import queries as runs
from tests.factories import Mall
from tests.journeys import claimed
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

Lines = list[tuple[str, str, int]]


def lines(mall: Mall, run_id: str) -> Lines:
    """Return kind, reference and amount of a run's lines, in order."""
    with mall.reading():
        found = runs.pay_lines([run_id])[run_id]
        return [(line.kind, line.ref, line.amount_minor) for line in found]


def paid(mall: Mall, run_id: str, kind: str) -> int:
    return sum(amount for each, _ref, amount in lines(mall, run_id) if each == kind)


def add_line(mall: Mall, run_id: str, **given: object) -> None:
    """Write a line past the service."""
    row = {"id": new_id("pay"), "run_id": run_id, "kind": "base", "ref": "x", "amount_minor": 1}
    row |= {"quantity": 1, "unit_minor": 1, "created_at": clock.now().isoformat()}
    row |= {"corrects_id": None} | given
    with mall.writing() as current:
        current.execute(
            text(
                "INSERT INTO pay_line VALUES (:id, :run_id, :kind, :ref, :amount_minor, :quantity,"
                " :unit_minor, :created_at, :corrects_id)"
            ),
            row,
        )


def first_line(mall: Mall, run_id: str, kind: str) -> str:
    with mall.reading():
        return next(line.id for line in runs.pay_lines([run_id])[run_id] if line.kind == kind)


CHANGES = (
    "UPDATE pay_line SET amount_minor = amount_minor + 1 WHERE run_id = :run",
    "UPDATE pay_line SET kind = 'base' WHERE run_id = :run AND kind = 'tip'",
    "DELETE FROM pay_line WHERE run_id = :run",
)


class TestTheDatabase:
    @pytest.mark.parametrize("change", CHANGES)
    def test_lines_of_a_claimed_run_stay(self, mall: Mall, dina: Driver, change: str):
        run_id = claimed(dina, {"tip_minor": 300})
        before = lines(mall, run_id)

        with pytest.raises(DatabaseError, match="only added to"), mall.writing() as current:
            current.execute(text(change), {"run": run_id})

        assert lines(mall, run_id) == before

    def test_lines_of_a_finished_run_stay(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = driven(dina, carl)

        with pytest.raises(DatabaseError, match="only added to"), mall.writing() as current:
            current.execute(text(CHANGES[-1]), {"run": run_id})

        assert mall.run(run_id).status == "finished"
        assert lines(mall, run_id)

    def test_tip_is_not_turned_into_base(self, mall: Mall, dina: Driver):
        run_id = claimed(dina, {"tip_minor": 300})
        tip = first_line(mall, run_id, "tip")

        with pytest.raises(IntegrityError):
            add_line(mall, run_id, kind="base", corrects_id=tip)

    def test_only_a_tip_is_taken_off_and_only_by_a_correction(self, mall: Mall, dina: Driver):
        run_id = claimed(dina, {"tip_minor": 300})
        base = first_line(mall, run_id, "base")

        with pytest.raises(IntegrityError):
            add_line(mall, run_id, kind="base", amount_minor=-1, corrects_id=base)
        with pytest.raises(IntegrityError):
            add_line(mall, run_id, kind="tip", amount_minor=-1)

    def test_line_is_corrected_once(self, mall: Mall, dina: Driver):
        run_id = claimed(dina, {"tip_minor": 300})
        tip = first_line(mall, run_id, "tip")
        add_line(mall, run_id, kind="tip", corrects_id=tip)

        with pytest.raises(IntegrityError):
            add_line(mall, run_id, kind="tip", ref="y", corrects_id=tip)

    def test_same_line_is_not_added_twice(self, mall: Mall, dina: Driver):
        run_id = claimed(dina)

        with pytest.raises(IntegrityError):
            add_line(mall, run_id, kind="base", ref="")


def driven(dina: Driver, carl: Clerk, waits: timedelta = timedelta(0), **given: object) -> str:
    """Let Dina bring a run to its end, with a wait at the counter; return the run."""
    start = clock.now()
    with clock.frozen(start):
        run_id = claimed(dina, given)
    ready = start + timedelta(minutes=5)
    with clock.frozen(ready):
        dina.arrive(dina.stops("pickup")[0])
    with clock.frozen(ready + waits):
        assert dina.collect(carl.shows(dina, run_id)).status_code == 200
    with clock.frozen(ready + waits + timedelta(minutes=10)):
        (door,) = dina.stops("dropoff")
        assert dina.deliver(door).status_code == 200
    return run_id


class TestTheEndOfARun:
    def test_wait_at_a_counter_is_a_line_with_its_stop(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = driven(dina, carl, timedelta(minutes=25))

        with mall.reading():
            (stop,) = [each for each in runs.stops_of_run(run_id) if each.kind == "pickup"]
            assert ("waiting", stop.id, 15 * 35) in lines(mall, run_id)

    def test_short_wait_adds_nothing(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = driven(dina, carl, timedelta(minutes=9))

        assert paid(mall, run_id, "waiting") == 0

    def test_wait_ends_when_the_driver_collected_and_not_when_the_server_heard_of_it(
        self, mall: Mall, dina: Driver, carl: Clerk
    ):
        start = clock.now()
        run_id = claimed(dina)
        dina.arrive(dina.stops("pickup")[0])
        collected_at, heard_at = start + timedelta(minutes=8), start + timedelta(minutes=50)
        with clock.frozen(collected_at):
            code = carl.shows(dina, run_id)
        with clock.frozen(heard_at):
            collect_as_of(dina, code, collected_at)
            dina.deliver(dina.stops("dropoff")[0])

        assert mall.run(run_id).status == "finished"
        assert paid(mall, run_id, "waiting") == 0

    def test_slow_hour_is_raised_to_the_least(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = driven(dina, carl, timedelta(minutes=40), tip_minor=5_000)
        planned_s = mall.run(run_id).duration_s

        least = round(planned_s * 1.5) * 1_800 / 3_600
        before_tips = sum(amount for kind, _, amount in lines(mall, run_id) if kind != "tip")
        assert paid(mall, run_id, "tip") == 5_000
        assert before_tips >= least - 1

    def test_what_was_added_is_in_the_earnings(self, dina: Driver, carl: Clerk):
        run_id = driven(dina, carl, timedelta(minutes=25))

        finished = dina.state()["last_finished"]
        (wait,) = [line for line in finished["pay"] if line["kind"] == "waiting"]
        assert (finished["id"], wait["facts"]) == (run_id, "15 min × $0.35")
        assert finished["pay_total"]["amount_minor"] == sum(
            line["amount_minor"] for line in finished["pay"]
        )


def collect_as_of(driver: Driver, code: str, at: datetime) -> None:
    """Send a collection that happened earlier, as a phone does after a while without signal."""
    (stop,) = driver.stops("pickup")
    answer = driver.collect(code, stop=stop, occurred_at=at.isoformat())
    assert answer.status_code == 200, answer.get_json()


def test_tip_follows_the_parcels_by_lines_that_refer(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk
):
    run_id = claimed(dina, {"tip_minor": 400}, {"merchant_ref": "A-2"})
    tipped = next(row for row in mall.deliveries_of(run_id) if row.tip_minor)
    assert dina.collect(carl.shows(dina, run_id)).status_code == 200

    own = in_charge(mall, tipped.id, dan)
    assert [amount for kind, _, amount in lines(mall, run_id) if kind == "tip"] == [400, -400]
    assert paid(mall, own, "tip") == 400

    assert in_charge(mall, tipped.id, dina) == run_id
    assert [amount for kind, _, amount in lines(mall, run_id) if kind == "tip"] == [400, -400, 400]
    assert paid(mall, own, "tip") == 0


def in_charge(mall: Mall, delivery_id: str, driver: Driver) -> str:
    """Let a delivery follow its parcels to a driver; return his run."""
    with mall.writing():
        row = deliveries.delivery(delivery_id)
        assert row is not None
        act = Act.of_system(clock.now())
        return custody_runs.put_in_charge(row, driver.person_id, act=act).id
