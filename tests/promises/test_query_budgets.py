"""Promise: what a page asks of the database does not grow with what it shows."""

import pytest
from flask import Flask

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
    "driver state, looking": 16,
    # One of them is another order of stops that the driver may be asked to take.
    "driver state, under way": 12,
    # One of them is what lifted pay to the guarantee of blocks.
    "driver earnings": 3,
    "driver position": 9,
    # Its answer is the state under way.
    "driver claim": 23,
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
