"""From a driver's phone to the customer's screen: the first position after a quiet while.

A request with a position goes in, a real Chromium shows the customer's page, and the clock stops
when the page has moved the driver. Each driver is quiet for more than five seconds before, because
the product sends a customer one position in five seconds at most.
"""

import contextlib
import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page

from app import clock
from app.persistence.transaction import transaction
from bench.chromium import chromium
from bench.figures import Figure, quantile, say
from bench.stage import Stage, stages
from tests.promises import crowd, serving, showcase
from tests.promises.serving import Server

DRIVERS = 4
ROUNDS = 12
#: The first rounds connect sockets and draw maps.
WARM_UP_ROUNDS = 2
QUIET_S = 5.5
GOAL_MS = 250
WAIT_MS = 20_000
_STEP_DEG = 0.001

#: Notes when what the customer sees of the driver has changed: the pin's place or the words below.
WATCH = """
() => {
  const way = document.querySelector('[data-hook="way"]');
  const seen = () => {
    const pin = way.querySelector('[data-kind="driver"]');
    const words = way.querySelector('[data-hook="position"]').textContent;
    return `${pin ? pin.style.transform : ""} ${words}`;
  };
  window.__moves = [];
  let before = seen();
  new MutationObserver(() => {
    if (seen() === before) return;
    before = seen();
    window.__moves.push(Date.now());
  }).observe(way, { subtree: true, childList: true, attributes: true, characterData: true });
}
"""
FIRST_MOVE = """
async (limit) => {
  const end = Date.now() + limit;
  while (window.__moves.length === 0 && Date.now() < end) {
    await new Promise((go) => setTimeout(go, 20));
  }
  const moves = window.__moves;
  window.__moves = [];
  return moves.length > 0 ? moves[0] : null;
}
"""


@dataclass(slots=True)
class _Watched:
    """A driver, the page of the customer who waits, and when the driver was last heard of."""

    connection: http.client.HTTPConnection
    cookie: str
    page: Page
    lat: float = crowd.MALL.lat
    last_sent: float = 0.0


def measure() -> Iterator[Figure]:
    """Measure on SQLite: nothing of a position waits for the database of either engine."""
    with stages("sqlite") as make:
        waits = _waits(make("position"))
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        value = quantile(waits, share)
        yield Figure(
            name=f"position_latency_{name}",
            ours=f"{value:.0f} ms",
            judged=value,
            goal=GOAL_MS if name == "p99" else None,
            rule="at_most" if name == "p99" else "report",
        )


def _waits(prepared: Stage) -> list[float]:
    """Return milliseconds of each sample."""
    with prepared.app.app_context(), transaction():
        place = crowd.add_place()
        pairs = [
            showcase.add_driver_under_way(prepared.app, place, now=clock.now())
            for _ in range(DRIVERS)
        ]
    environment = serving.environment(prepared.settings)
    waits: list[float] = []
    with (
        serving.running_server(environment) as server,
        chromium() as browser,
        contextlib.ExitStack() as stack,
    ):
        watched = [
            _watch(stack, server, browser, f"mallrun_driver={driver.token}", path)
            for driver, path in pairs
        ]
        for number in range(WARM_UP_ROUNDS + ROUNDS):
            say(f"position_latency: round {number + 1} of {WARM_UP_ROUNDS + ROUNDS}")
            for each in watched:
                wait = _sample(each)
                if number >= WARM_UP_ROUNDS:
                    waits.append(wait)
                time.sleep(QUIET_S / DRIVERS / 2)
    return waits


def _watch(
    stack: contextlib.ExitStack, server: Server, browser: Browser, cookie: str, path: str
) -> _Watched:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    stack.callback(connection.close)
    page = browser.new_context(service_workers="block").new_page()
    watched = _Watched(connection, cookie, page)
    # With a first position the page draws its map and the driver's pin.
    _send(watched)
    page.goto(f"{server.url}{path}")
    page.locator('[data-kind="driver"]').wait_for(state="attached", timeout=WAIT_MS)
    page.evaluate(WATCH)
    return watched


def _sample(watched: _Watched) -> float:
    time.sleep(max(0.0, watched.last_sent + QUIET_S - time.monotonic()))
    watched.page.evaluate("() => { window.__moves = []; }")
    sent_ms = time.time() * 1000
    _send(watched)
    moved_ms = watched.page.evaluate(FIRST_MOVE, WAIT_MS)
    if moved_ms is None:
        message = "the customer's page never moved the driver"
        raise TimeoutError(message)
    return float(moved_ms) - sent_ms


def _send(watched: _Watched) -> None:
    # To and fro by a hundred metres: far enough to see, not too far to be believed.
    watched.lat = crowd.MALL.lat + (_STEP_DEG if watched.lat == crowd.MALL.lat else 0.0)
    fix = {
        "lat": watched.lat,
        "lon": crowd.MALL.lon,
        "accuracy_m": 8.0,
        "heading_deg": None,
        "speed_mps": None,
        "at": datetime.now(UTC).isoformat(),
    }
    watched.connection.request(
        "POST",
        "/driver/api/positions",
        json.dumps({"fixes": [fix]}),
        {"Content-Type": "application/json", "Cookie": watched.cookie},
    )
    response = watched.connection.getresponse()
    response.read()
    if response.status != 204:
        message = f"the position was refused: {response.status}"
        raise RuntimeError(message)
    watched.last_sent = time.monotonic()
