from collections.abc import Iterator

import pytest
from flask import Flask

from app import clock, create_app
from app.config import Settings
from app.demo import service, simulator
from app.demo.seed import seed
from app.demo.tools import DemoTools
from app.persistence.transaction import transaction
from app.runs import queries as runs
from app.sites import queries as sites
from app.web.console.day import day_of

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on an empty database of each engine."""
    application = create_app(settings)
    yield application
    with application.app_context():
        application.extensions["sqlalchemy"].engine.dispose()


def test_demo_lives_on_both_engines(app: Flask):
    # Ten in the morning in Arizona: the day that is counted below began hours ago.
    now = clock.now().replace(hour=17)
    tools = DemoTools.of(app.extensions)
    with clock.frozen(now), app.test_request_context():
        with transaction():
            seed(tools, now=now)
        with transaction():
            ride = simulator.begin(sites.all_sites()[0].id, tools, now=now)
        with transaction():
            moved = simulator.step(ride, tools, now=now + simulator.STEP)
        with transaction():
            service.look_after(now=now)
        day = day_of(sites.all_sites()[0], now=now)
        run = runs.run(ride.run_id)

        assert moved.ride is not None
        assert run is not None
        assert run.status == "claimed"
        assert len(day.deliveries) >= 8
