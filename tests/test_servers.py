import redis

from tests.servers import Postgres


def test_postgres_copies_and_drops_databases(postgres: Postgres):
    postgres.create("original")
    postgres.create("copy", template="original")

    postgres.drop("original")
    postgres.drop("copy")


def test_redis_starts_for_the_tests(redis_url: str):
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
