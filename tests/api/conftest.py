from collections.abc import Callable
from typing import Any

import pytest

from app.domain.api_key import Mode
from tests import merchants
from tests.api.ordering import key, order
from tests.factories import Mall
from tests.merchants import Program

Orders = Callable[..., dict[str, Any]]


@pytest.fixture
def shop(mall: Mall) -> Program:
    """The program of Lumen's merchant."""
    return merchants.a_key(mall, mall.store)


@pytest.fixture
def rival(mall: Mall) -> Program:
    """The program of another merchant."""
    return merchants.a_key(mall, mall.other_store)


@pytest.fixture
def trial(mall: Mall) -> Program:
    """The program of Lumen's merchant with a test key."""
    return merchants.a_key(mall, mall.store, mode=Mode.TEST)


def ordered(shop: Program, **given: Any) -> dict[str, Any]:
    """Order one delivery and return it."""
    answer = shop.post("deliveries", order(shop.store_id, **given), headers=key())
    assert answer.status_code == 201, answer.text
    return answer.get_json()
