"""Promise answers per second, beside a bare Flask view: computed anew, kept by us, known already.

The answer is the same for everybody for half a minute, and we keep it for some seconds. Whoever
holds one asks with its ETag. The peer is a view that only writes the same JSON: what a new answer
costs more is asking the database for hours, drivers and open orders.
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
            anew = serving.environment(stage.settings, MALL_PROMISE_CACHE_S="0")
            keeping = serving.environment(stage.settings, MALL_PROMISE_CACHE_S="5")
            with (
                serving.running_server(anew) as computing,
                serving.running_server({}, command) as peer,
            ):
                new, beside = _rates(computing, peer, path, ("new",))
            # One after the other: on SQLite one server writes a database.
            with (
                serving.running_server(keeping) as ours,
                serving.running_server({}, command) as peer,
            ):
                kept, known, beside_kept = _rates(ours, peer, path, ("new", "known"))
        for name, rate, bare in (
            ("new", new, beside),
            ("kept", kept, beside_kept),
            ("known", known, beside_kept),
        ):
            yield Figure(
                name=f"promises_{name}_{engine}",
                ours=f"{rate:.0f}/s",
                peer=f"{bare:.0f}/s",
                ratio=rate / bare,
                judged=rate / bare,
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


def _rates(
    ours: serving.Server, peer: serving.Server, path: str, kinds: Sequence[str]
) -> list[float]:
    """Return answers per second: of each kind, and of the peer.

    Kinds are `new`, and `known` for asking with the ETag of an answer that is held.
    """
    with urllib.request.urlopen(f"{ours.url}{path}") as answer:  # noqa: S310 - Our own address.
        etag = answer.headers["ETag"]
    requests = {
        "new": ([get(path)], {200}),
        "known": ([get(path, headers=(f"If-None-Match: {etag}",))], {200, 304}),
    }
    asked = [(ours.port, *requests[kind]) for kind in kinds]
    asked.append((peer.port, [get("/answer")], {200}))
    seconds = [0.0] * len(asked)
    for port, request, good in asked:
        _ask(port, request * WARM_UP, good)
    for number in range(ROUNDS):
        say(f"promises: round {number + 1} of {ROUNDS}")
        for which, (port, request, good) in enumerate(asked):
            seconds[which] += _ask(port, request * ANSWERS, good)
    return [ROUNDS * ANSWERS / each for each in seconds]


def _ask(port: int, requests: Sequence[bytes], good: set[int]) -> float:
    outcome = burst(port, requests, connections=CONNECTIONS)
    if not set(outcome.statuses) <= good:
        message = f"promises were refused: {sorted(set(outcome.statuses))}"
        raise RuntimeError(message)
    return outcome.seconds
