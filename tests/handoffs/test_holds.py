"""A delivery that two drivers prove to have stays where it is until a dispatcher has decided."""

from types import SimpleNamespace

import pytest
from werkzeug.test import TestResponse

from app.domain.events import EventType
from tests.conflicts import both_prove_it
from tests.factories import Mall
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver, code_of
from tests.web.console.decisions import WHY, decide

pytestmark = pytest.mark.both_engines


@pytest.fixture
def held(dina: Driver, dan: Driver, carl: Clerk) -> SimpleNamespace:
    return both_prove_it(dina, dan, carl)


@pytest.fixture
def desmond(mall: Mall) -> Office:
    return signed_in(mall, "Desmond Day", "dispatcher")


def at_door(driver: Driver, step: str) -> TestResponse:
    """Send a step of the delivery's stop as the app does."""
    epoch = driver.state()["run"]["epoch"]
    (stop,) = driver.stops("dropoff")
    steps = {
        "deliver": {"evidence": {"kind": "none"}, "position": None},
        "fail": {"reason": "nobody_home", "note": ""},
    }
    return driver.post(f"stops/{stop['id']}/{step}", epoch=epoch, **steps[step])


@pytest.mark.parametrize("step", ["deliver", "fail"])
def test_nothing_is_done_at_the_door_while_it_is_held(
    mall: Mall, dina: Driver, held: SimpleNamespace, step: str
):
    (stop,) = dina.stops("dropoff")
    assert stop["delivery"]["hold"]

    answer = at_door(dina, step)

    assert (answer.status_code, code_of(answer)) == (409, "delivery_on_hold")
    assert mall.delivery(held.id).status == "enroute_to_dropoff"
    assert mall.events(held.id).count(EventType.HANDOFF_DELIVERED.value) == 0


def test_after_the_decision_it_goes_on(
    mall: Mall, dina: Driver, held: SimpleNamespace, desmond: Office
):
    held.mall = mall
    decide(desmond, held, "rule", choice=f"has:{dina.person_id}", reason=WHY)

    (stop,) = dina.stops("dropoff")
    assert not stop["delivery"]["hold"]
    assert at_door(dina, "fail").status_code == 200
