"""Promise: a device that uploads a hundred statements does not keep the others waiting."""

import contextlib
import json
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from tests import factories, personas
from tests.devices import Signer, tablet_of
from tests.promises import serving
from tests.promises.serving import ANSWER_WITHIN_S

pytestmark = [pytest.mark.promise, pytest.mark.slow, pytest.mark.both_engines]

COUNT = 100


@pytest.fixture
def kept(app: Flask) -> tuple[Signer, str]:
    """A tablet that has kept a hundred statements about twenty deliveries, and its cookie."""
    mall = factories.a_mall(app)
    carl = personas.a_clerk(mall, "Carl", mall.store)
    tablet = tablet_of(carl)
    handles = [mall.delivery(mall.places()).handle for _ in range(20)]
    for number in range(COUNT):
        tablet.state("handoff.released", {handles[number % len(handles)]: 2})
    return tablet, f"mallrun_desk={carl.cookies['desk']}"


def ask(port: int, method: str, path: str, body: str = "", cookie: str = "") -> tuple[float, bytes]:
    """Send one request; return the seconds that it took, and the answer."""
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    started = time.monotonic()
    with contextlib.closing(
        HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN_S)
    ) as connection:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        content = response.read()
    assert response.status == 200, content
    return time.monotonic() - started, content


def test_others_are_answered_in_between(
    settings: Settings, kept: tuple[Signer, str], tmp_path: Path
):
    tablet, cookie = kept
    body = json.dumps({"statements": tablet.kept})
    uploads: list[tuple[float, bytes]] = []
    waits: list[float] = []
    environment = serving.environment(settings)
    with serving.running_server(environment, log=tmp_path / "server.log") as server:
        ask(server.port, "GET", "/healthz")
        uploader = threading.Thread(
            target=lambda: uploads.append(ask(server.port, "POST", tablet.path, body, cookie))
        )
        uploader.start()
        while uploader.is_alive():
            waits.append(ask(server.port, "GET", "/healthz")[0])
        uploader.join()

    ((took_s, content),) = uploads
    assert [each["outcome"] for each in json.loads(content)["results"]] == ["applied"] * COUNT
    assert len(waits) > COUNT / 4
    assert max(waits) < took_s / 4
