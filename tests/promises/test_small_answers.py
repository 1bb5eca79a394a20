"""Promise: a small answer on a connection that is used again does not wait for confirmations."""

import statistics

import pytest

from app.config import Settings
from bench.load import burst, get
from tests.promises import serving

pytestmark = pytest.mark.promise

#: Linux confirms a head 40 ms late when nothing is to be sent back.
CONFIRMED_MS = 40


def test_answers_on_one_connection_are_not_held_back(settings: Settings):
    with serving.running_server(serving.environment(settings)) as server:
        outcome = burst(server.port, [get("/healthz")] * 60, connections=1)

    assert set(outcome.statuses) == {200}
    assert statistics.median(outcome.waits_ms) < CONFIRMED_MS
