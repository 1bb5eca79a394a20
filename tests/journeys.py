"""How far a delivery has come before a test begins: claimed, collected, at the door."""

from typing import Any

from tests.personas import Clerk, Driver


def claimed(driver: Driver, *given: dict[str, Any]) -> str:
    """Offer one run with a delivery per mapping of fields and let the driver claim it."""
    run_id = driver.mall.offers(*given)
    assert driver.claim(run_id).status_code == 200
    return run_id


def collected(driver: Driver, clerk: Clerk, *given: dict[str, Any]) -> str:
    """Let a driver claim a run and collect all of it by the tablet's code: on the way."""
    run_id = claimed(driver, *given)
    assert driver.collect(clerk.shows(driver, run_id)).status_code == 200
    return run_id


def at_door(driver: Driver, clerk: Clerk, **given: Any) -> dict[str, Any]:
    """Let a driver stand at the door of one delivery; return the stop."""
    collected(driver, clerk, given)
    (stop,) = driver.stops("dropoff")
    assert driver.arrive(stop).status_code == 200
    return stop
