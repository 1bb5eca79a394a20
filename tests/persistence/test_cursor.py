"""What PostgreSQL's cursor tells of its columns."""

from collections.abc import Iterator

import psycopg
import pytest

from app.persistence.cursor import PlainCursor
from tests import databases, servers


@pytest.fixture
def address(postgres_template: servers.Postgres) -> Iterator[str]:
    with databases.postgres_copy(postgres_template) as url:
        yield url.replace("+psycopg", "")


def test_columns_are_told_by_name_and_type_as_the_driver_does(address: str):
    with psycopg.connect(address) as plain, psycopg.connect(address) as ours:
        ours.cursor_factory = PlainCursor
        asked = "select 1 as number, 'ä'::text as \"wörd\", null::timestamptz as at"

        told = [list(each)[:2] for each in ours.execute(asked).description or ()]

        assert told == [list(each)[:2] for each in plain.execute(asked).description or ()]
        assert [name for name, _type in told] == ["number", "wörd", "at"]


def test_what_has_no_answer_has_no_columns(address: str):
    with psycopg.connect(address, cursor_factory=PlainCursor) as connection:
        assert connection.execute("create temporary table gone (id text)").description is None
        assert connection.execute("insert into gone values ('a')").description is None
