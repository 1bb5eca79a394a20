"""Promise: what a page asks of the database does not grow with what it shows."""

import pytest
from flask import Flask

from tests.many_places import add_places, add_work, office_of
from tests.promises import statements

pytestmark = pytest.mark.promise

#: Statements per request. A change that needs more of them changes this line and says why.
#: The states of driver and desk bring the newest checkpoint, which they put into what they sign.
BUDGETS = {
    "start page": 1,
    "driver shell": 1,
    # One of them is the newest claim: if it lapsed, the driver is told.
    # Another tells what became of the runs that were asked for a moment ago.
    # One whether a block puts the driver first.
    # And one how long things take at the site, for when a run would end.
    "driver state, looking": 15,
    "driver state, under way": 8,
    # One of them is what lifted pay to the guarantee of blocks.
    "driver earnings": 3,
    "driver position": 9,
    # Its answer is the state under way.
    "driver claim": 19,
    # With the day of the one place there is.
    "console today": 17,
    "console day of a place": 13,
    "console stores": 8,
    "desk shell": 2,
    "desk state": 20,
    # One of them is how wrong arrival times have been at the site.
    "tracking page": 10,
    "tracking state": 10,
}
MANY = 30


@pytest.fixture(params=[1, MANY], ids=lambda size: f"{size}_deliveries")
def counted(app: Flask, request: pytest.FixtureRequest) -> dict[str, int]:
    return statements.counts(app, size=request.param)


def test_each_request_keeps_its_budget(counted: dict[str, int]):
    assert counted == BUDGETS


#: The console of an operator with many places, half of them with a late delivery.
BUDGETS_OF_MANY = {
    "today": 12,
    # Only what is counted, of those found.
    "today?name=mall": 7,
    # One place is found: its day.
    "today?name=001": 16,
    "stores": 7,
    # Not too many are found to list their stores.
    "stores?name=mall 00": 8,
    "drivers": 9,
}


@pytest.mark.parametrize("count", [21, 50])
def test_console_keeps_its_budget_however_many_places_there_are(app: Flask, count: int):
    places = add_places(app, count)
    add_work(app, places[: count // 2], is_late=True)
    office = office_of(app)

    def cost(path: str) -> int:
        with statements.counting(app) as found:
            assert office.get(path).status_code == 200
        return len(found)

    assert {path: cost(path) for path in BUDGETS_OF_MANY} == BUDGETS_OF_MANY
