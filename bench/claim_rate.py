"""Claims per second over HTTP, beside a bare Flask view with the same guarded UPDATE.

Each claim takes a fresh run of two deliveries for a fresh driver, as it does in life: what a claim
costs includes the sign-in check, the idempotency row, the driver's counter, the claim, the events
of both deliveries and the driver's new state in the answer. Both servers stand ready; they are
measured in turns.
"""

from collections.abc import Iterator

from app import clock
from app.persistence.transaction import transaction
from bench.figures import Figure, say
from bench.load import post
from bench.stage import Stage, stages
from bench.turns import ROUNDS, WARM_UP, share_of_peer
from tests.promises import crowd, serving
from tests.promises.crowd import SignedInDriver

CLAIMS = 150
COUNT = WARM_UP + ROUNDS * CLAIMS
GOAL = 0.4


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        with stages(engine) as make:
            say(f"claim_rate {engine}: writing runs and drivers")
            # Each has its own file or database: a SQLite file has one writing process.
            product, bare = make("product"), make("bare")
            command = ("-m", "bench.peers.bare_claim", bare.settings.database_url)
            yield share_of_peer(
                f"claim_rate_{engine}",
                (product.settings, _our_requests(product)),
                (command, _peer_requests(bare)),
                status=200,
                goal=GOAL,
            )


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
