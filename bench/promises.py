"""Promise answers per second, computed anew and from a cache on the way, beside a bare Flask view.

The answer is the same for everybody for half a minute. Whoever holds one asks with its ETag. The
peer is a view that only writes the same JSON: what ours costs more is asking the database for
hours, drivers and open orders.
"""

import urllib.request
from collections.abc import Iterator, Sequence

from app import clock
from app.persistence.transaction import transaction
from app.sites import service as sites
from bench.figures import Figure, say
from bench.load import burst, get
from bench.stage import Stage, stages
from tests.promises import crowd, serving

ROUNDS = 4
ANSWERS = 150
WARM_UP = 50
CONNECTIONS = 8
POSTAL_CODE = "85224"


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        say(f"promises {engine}")
        with stages(engine) as make:
            stage = make("product")
            path = _open_store(stage)
            command = ("-m", "bench.peers.bare_answer")
            with (
                serving.running_server(serving.environment(stage.settings)) as ours,
                serving.running_server({}, command) as peer,
            ):
                rates = _rates(ours, peer, path)
        for name, rate in zip(("new", "known"), rates[:2], strict=True):
            yield Figure(
                name=f"promises_{name}_{engine}",
                ours=f"{rate:.0f}/s",
                peer=f"{rates[2]:.0f}/s",
                ratio=rate / rates[2],
                judged=rate / rates[2],
            )


def _open_store(stage: Stage) -> str:
    """Make a store with a driver on duty and a known door; return where to ask."""
    with stage.app.app_context(), transaction():
        place = crowd.add_place()
        crowd.add_drivers(3, place.site_id, now=clock.now())
        sites.add_known_address(
            place.site_id,
            street="123 N Dobson Rd",
            city="Chandler",
            postal_code=POSTAL_CODE,
            lat=33.318,
            lon=-111.885,
        )
    return f"/promise?store={place.store_id}&postal_code={POSTAL_CODE}"


def _rates(ours: serving.Server, peer: serving.Server, path: str) -> tuple[float, float, float]:
    """Return answers per second: anew, with the ETag of one that is held, and of the peer."""
    with urllib.request.urlopen(f"{ours.url}{path}") as answer:  # noqa: S310 - Our own address.
        etag = answer.headers["ETag"]
    asked = (
        (ours.port, [get(path)], {200}),
        (ours.port, [get(path, headers=(f"If-None-Match: {etag}",))], {200, 304}),
        (peer.port, [get("/answer")], {200}),
    )
    seconds = [0.0] * len(asked)
    for port, request, good in asked:
        _ask(port, request * WARM_UP, good)
    for number in range(ROUNDS):
        say(f"promises: round {number + 1} of {ROUNDS}")
        for which, (port, request, good) in enumerate(asked):
            seconds[which] += _ask(port, request * ANSWERS, good)
    count = ROUNDS * ANSWERS
    return count / seconds[0], count / seconds[1], count / seconds[2]


def _ask(port: int, requests: Sequence[bytes], good: set[int]) -> float:
    outcome = burst(port, requests, connections=CONNECTIONS)
    if not set(outcome.statuses) <= good:
        message = f"promises were refused: {sorted(set(outcome.statuses))}"
        raise RuntimeError(message)
    return outcome.seconds
