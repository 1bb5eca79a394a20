"""Claims per second over HTTP, beside a bare Flask view with the same guarded UPDATE.

Each claim takes a fresh run of two deliveries for a fresh driver, as it does in life: what a claim
costs includes the sign-in check, the idempotency row, the driver's counter, the claim, the events
of both deliveries and the driver's new state in the answer. Both servers stand ready; they are
measured in turns.
"""

from collections.abc import Iterator, Sequence

from app import clock
from app.persistence.transaction import transaction
from bench.figures import Figure, say
from bench.load import burst, post
from bench.stage import MakeStage, Stage, stages
from tests.promises import crowd, serving
from tests.promises.crowd import SignedInDriver

ROUNDS = 6
CLAIMS = 150
#: Before it counts: caches of statements and connections fill.
WARM_UP = 50
COUNT = WARM_UP + ROUNDS * CLAIMS
CONNECTIONS = 8
GOAL = 0.4


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        with stages(engine) as make:
            ours, peer = _rates(make, engine)
        yield Figure(
            name=f"claim_rate_{engine}",
            ours=f"{ours:.0f}/s",
            peer=f"{peer:.0f}/s",
            ratio=ours / peer,
            judged=ours / peer,
            goal=GOAL,
            rule="at_least",
        )


def _rates(make: MakeStage, engine: str) -> tuple[float, float]:
    """Return claims per second of ours and of the peer."""
    say(f"claim_rate {engine}: writing runs and drivers")
    # Each has its own file or database: a SQLite file has one writing process.
    product, bare = make("product"), make("bare")
    ours, peers = _our_requests(product), _peer_requests(bare)
    command = ("-m", "bench.peers.bare_claim", bare.settings.database_url)
    seconds = [0.0, 0.0]
    with (
        serving.running_server(serving.environment(product.settings)) as our_server,
        serving.running_server({}, command) as peer_server,
    ):
        _claim_all(our_server.port, ours[:WARM_UP])
        _claim_all(peer_server.port, peers[:WARM_UP])
        for number in range(ROUNDS):
            say(f"claim_rate {engine}: round {number + 1} of {ROUNDS}")
            part = slice(WARM_UP + number * CLAIMS, WARM_UP + (number + 1) * CLAIMS)
            seconds[0] += _claim_all(our_server.port, ours[part])
            seconds[1] += _claim_all(peer_server.port, peers[part])
    return ROUNDS * CLAIMS / seconds[0], ROUNDS * CLAIMS / seconds[1]


def _our_requests(prepared: Stage) -> list[bytes]:
    return [
        post(
            f"/driver/api/runs/{run_id}/claim",
            serving.command_body(),
            f"mallrun_driver={driver.token}",
        )
        for run_id, driver in _crowd(prepared)
    ]


def _peer_requests(prepared: Stage) -> list[bytes]:
    return [
        post(f"/claim/{run_id}?driver={driver.person_id}", b"{}")
        for run_id, driver in _crowd(prepared)
    ]


def _crowd(prepared: Stage) -> list[tuple[str, SignedInDriver]]:
    with prepared.app.app_context(), transaction():
        now = clock.now()
        place = crowd.add_place()
        drivers = crowd.add_drivers(COUNT, place.site_id, now=now)
        runs = crowd.add_runs(COUNT, place, now=now)
    return list(zip(runs, drivers, strict=True))


def _claim_all(port: int, requests: Sequence[bytes]) -> float:
    """Send the claims and return the seconds they took; a refused claim would be too cheap."""
    outcome = burst(port, requests, connections=CONNECTIONS)
    if set(outcome.statuses) != {200}:
        message = f"claims were refused: {sorted(set(outcome.statuses))}"
        raise RuntimeError(message)
    return outcome.seconds
