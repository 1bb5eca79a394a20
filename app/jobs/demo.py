"""Jobs of the demo: new orders through the day, and the steps of simulated drivers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from flask import current_app

from app.demo import queries, service, simulator, walking
from app.demo.simulator import Ride
from app.demo.tools import DemoTools
from app.domain.delivery import DeliveryStatus
from app.persistence.transaction import on_commit
from app.realtime import publish


def demo_keep_alive(*, now: datetime) -> None:
    if queries.is_demo():
        service.look_after(now=now)


def simulate_step(
    *, run_id: str, driver_id: str, lat: float, lon: float, waited: int, now: datetime
) -> None:
    ride = Ride(run_id, driver_id, lat, lon, waited)
    moved = simulator.step(ride, DemoTools.of(current_app.extensions), now=now)
    seen = moved.seen
    if seen is not None:
        on_commit(lambda: publish.position(seen, now=now))
    if moved.ride is not None:
        simulator.ask_for_step(moved.ride, now=now)


def walk_test_delivery(*, delivery_id: str, outcome: str, pace_s: int, now: datetime) -> None:
    tools = DemoTools.of(current_app.extensions)
    if walking.step(delivery_id, DeliveryStatus(outcome), tools, now=now):
        walking.ask_for_step(delivery_id, outcome, after_s=pace_s, pace_s=pace_s, now=now)


HANDLERS: Final[Mapping[str, Callable[..., None]]] = {
    "demo_keep_alive": demo_keep_alive,
    "simulate_step": simulate_step,
    walking.WALK: walk_test_delivery,
}
#: Seconds between two looks at the malls.
SCHEDULE: Final[Mapping[str, int]] = {"demo_keep_alive": 60}
