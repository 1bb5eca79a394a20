"""A mall on a Tuesday afternoon, as shop pages ask about it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.accounts import people
from app.accounts.people import Shift
from app.promise import service
from tests import factories
from tests.factories import Counter, Mall
from tests.places import CLEOS_DOOR

#: A Tuesday, half past two at the mall, whose zone is Phoenix.
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=ZoneInfo("America/Phoenix"))
STREET = CLEOS_DOOR["street"]


@contextmanager
def afternoon(mall: Mall, minutes: int = 0) -> Generator[FlaskClient]:
    """Let it be so many minutes after half past two; yield the browser of a shopper."""
    with clock.frozen(NOW + timedelta(minutes=minutes)):
        yield mall.app.test_client()


def has_driver(mall: Mall, until: datetime | None = None) -> str:
    with mall.writing():
        driver_id = factories.a_driver("Dina Diaz")
        people.set_duty(
            driver_id, is_on_duty=True, site_id=mall.site_id, now=NOW, shift=Shift(until)
        )
        return driver_id


def can_deliver(mall: Mall) -> None:
    """Let the mall know a door two kilometres away and have a driver on duty."""
    mall.knows(STREET)
    has_driver(mall)


def takes_orders(mall: Mall, counter: Counter) -> None:
    """Switch a store's hosted checkout on."""
    with mall.writing():
        service.switch_checkout(counter.store_id, is_on=True, now=NOW)


def ask(shopper: FlaskClient, mall: Mall, **query: str) -> TestResponse:
    given = {"store": mall.store.store_id, "postal_code": "85224"} | query
    return shopper.get("/promise", query_string=given)


def answer(shopper: FlaskClient, mall: Mall, **query: str) -> dict[str, Any]:
    response = ask(shopper, mall, **query)
    assert response.status_code == 200, response.text
    return response.get_json()
