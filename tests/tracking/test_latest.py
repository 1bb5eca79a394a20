"""The newest position of each driver, in memory and in Redis."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import redis

from app.domain.position import Fix
from app.tracking.latest import (
    FORGET_AFTER_S,
    InMemoryPositions,
    LatestPositions,
    RedisPositions,
)

FIX = Fix(33.31, -111.88, 9.0, datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
NEWER = Fix(33.32, -111.87, 12.5, datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC))


@pytest.fixture(params=["memory", "redis"])
def latest(request: pytest.FixtureRequest) -> Iterator[LatestPositions]:
    if request.param == "memory":
        yield InMemoryPositions()
        return
    url = request.getfixturevalue("redis_url")
    with redis.Redis.from_url(url, decode_responses=True, socket_timeout=1) as client:
        client.flushdb()
        yield RedisPositions(client)


def test_latest_wins_and_can_be_forgotten(latest: LatestPositions):
    latest.put("per_a", FIX)
    latest.put("per_a", NEWER)
    found = latest.get("per_a")
    latest.forget("per_a")

    assert found == NEWER
    assert (latest.get("per_a"), latest.get("per_b")) == (None, None)


def test_redis_forgets_what_nobody_renews(redis_url: str):
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        RedisPositions(client).put("per_a", FIX)

        assert 0 < client.ttl("position:per_a") <= FORGET_AFTER_S  # pyright: ignore[reportOperatorIssue]


def test_without_redis_nothing_waits_and_nothing_fails():
    with redis.Redis.from_url("redis://127.0.0.1:1", socket_timeout=1) as client:
        latest = RedisPositions(client)
        latest.put("per_a", FIX)
        latest.forget("per_a")

        assert latest.get("per_a") is None


class Broken:
    """A client with a mistake of ours in it."""

    def get(self, _key: str) -> None:
        raise KeyError


def test_mistakes_of_ours_are_not_taken_for_a_missing_redis():
    with pytest.raises(KeyError):
        RedisPositions(Broken()).get("per_a")
