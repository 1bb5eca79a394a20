"""A delivery with a long life behind it, in a log that others write to as well."""

import contextlib
import dataclasses
import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import databases, factories, personas
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.sealing import read, seal


@dataclass(frozen=True, slots=True)
class Story:
    """What the tests ask about.

    Attributes:
        link: Path of the delivery's tracking page.
        delivery_id: The delivery.
        early: The proof's text when the driver was on the way; one event waited.
    """

    mall: Mall
    link: str
    delivery_id: str
    early: bytes

    def proof(self, query: str = "") -> bytes:
        """Download the proof."""
        answer = self.mall.app.test_client().get(f"{self.link}/proof{query}")
        assert answer.status_code == 200, answer.text
        return answer.data

    def anchors(self) -> list[str]:
        """Return the anchors of all checkpoints, oldest first."""
        query = "select anchor from checkpoint order by size"
        return [anchor for (anchor,) in read(self.mall.app, query)]

    def document(self, query: str = "") -> dict[str, Any]:
        return json.loads(self.proof(query))


def tell(app: Flask) -> Story:
    """Cleo's delivery: wrong PIN, failed at the door, brought back; sealed at three times."""
    mall, other = factories.a_mall(app), factories.a_mall(app)
    dina = personas.a_driver(mall, "Dina Diaz")
    carl = personas.a_clerk(mall, "Carl", mall.store)
    other.places()
    seal(app)
    run_id, phone = claimed(dina, {"proof": "pin"}), phone_of(dina)
    picked_up(phone, carl.shows(dina, run_id), handles_of(mall.deliveries_of(run_id)))
    assert phone.results()[0]["outcome"] == "applied"
    (stop,) = dina.stops("dropoff")
    delivery_id = stop["delivery"]["id"]
    seal(app)
    dina.arrive(stop)
    known = Story(mall, mall.link(delivery_id), delivery_id, b"")
    early = known.proof()
    dina.deliver(stop, "pin", pin="000000")
    other.places()
    dina.post(f"stops/{stop['id']}/fail", epoch=1, reason="refused", note="Rang twice")
    dina.give_back(dina.stops("return")[0])
    other.places()
    seal(app)
    return Story(mall, known.link, delivery_id, early)


@pytest.fixture(scope="session")
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Story, Any]]:
    """The story, told once on an engine, and what to copy its database from."""

    @functools.cache
    def on_engine(engine: str) -> tuple[Story, Any]:
        folder = tmp_path_factory.mktemp(f"story-{engine}")
        template = request.getfixturevalue(f"{engine}_template")
        if engine == "sqlite":
            url, source = databases.sqlite_copy(template, folder), folder / "mallrun.sqlite3"
        else:
            source = "mallrun_story"
            template.create(source, template=databases.TEMPLATE)
            url = template.url(source)
        with databases.wired(url, folder) as app:
            return tell(app), source

    return on_engine


@pytest.fixture
def story(
    engine: str,
    told: Callable[[str], tuple[Story, Any]],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Story]:
    """The story in a database of its own, to change as one likes."""
    known, source = told(engine)
    with contextlib.ExitStack() as stack:
        if engine == "sqlite":
            url = databases.sqlite_copy(source, tmp_path)
        else:
            cluster = request.getfixturevalue("postgres")
            url = stack.enter_context(databases.postgres_copy(cluster, source))
        app = stack.enter_context(databases.wired(url, tmp_path))
        yield dataclasses.replace(known, mall=dataclasses.replace(known.mall, app=app))


@pytest.fixture
def own(app: Flask) -> Mall:
    """A mall in a database of its own, in which nothing has happened."""
    return factories.a_mall(app)
