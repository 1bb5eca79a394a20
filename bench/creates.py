"""Orders per second through the API, beside a bare Flask view that checks and inserts one row.

Each order has a key, a number and an Idempotency-Key of its own, as it does in life: what it costs
includes the key's check, the limits, the idempotency row, recipient, parcel, event, the job that
forms runs, and the whole delivery in the answer. Both servers stand ready; they are measured in
turns.
"""

import json
from collections.abc import Iterator, Sequence

from app import clock
from app.accounts import api_keys
from app.accounts.api_keys import NewKey
from app.domain.api_key import Mode, Scope
from app.persistence.transaction import transaction
from bench.figures import Figure, say
from bench.load import burst, post
from bench.stage import MakeStage, Stage, stages
from tests.api.ordering import order
from tests.promises import crowd, serving

ROUNDS = 6
ORDERS = 100
#: Before it counts: caches of statements and connections fill.
WARM_UP = 50
COUNT = WARM_UP + ROUNDS * ORDERS
CONNECTIONS = 8
GOAL = 0.5


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        with stages(engine) as make:
            ours, peer = _rates(make, engine)
        yield Figure(
            name=f"creates_{engine}",
            ours=f"{ours:.0f}/s",
            peer=f"{peer:.0f}/s",
            ratio=ours / peer,
            judged=ours / peer,
            goal=GOAL,
            rule="at_least",
        )


def _rates(make: MakeStage, engine: str) -> tuple[float, float]:
    """Return orders per second of ours and of the peer."""
    # Each has its own file or database: a SQLite file has one writing process.
    product, bare = make("product"), make("bare")
    store_id, key = a_shop(product)
    orders = [json.dumps(order(store_id)).encode() for _ in range(COUNT)]
    ours = [
        post("/api/v1/deliveries", body, headers=(key, f'Idempotency-Key: "order-{number}"'))
        for number, body in enumerate(orders)
    ]
    peers = [post("/deliveries", body) for body in orders]
    command = ("-m", "bench.peers.bare_create", bare.settings.database_url)
    seconds = [0.0, 0.0]
    with (
        serving.running_server(serving.environment(product.settings)) as our_server,
        serving.running_server({}, command) as peer_server,
    ):
        _order_all(our_server.port, ours[:WARM_UP])
        _order_all(peer_server.port, peers[:WARM_UP])
        for number in range(ROUNDS):
            say(f"creates {engine}: round {number + 1} of {ROUNDS}")
            part = slice(WARM_UP + number * ORDERS, WARM_UP + (number + 1) * ORDERS)
            seconds[0] += _order_all(our_server.port, ours[part])
            seconds[1] += _order_all(peer_server.port, peers[part])
    return ROUNDS * ORDERS / seconds[0], ROUNDS * ORDERS / seconds[1]


def a_shop(stage: Stage) -> tuple[str, str]:
    """Make a store whose merchant has a key; return its id and the header that shows the key."""
    with stage.app.app_context(), transaction():
        place = crowd.add_place()
        new = NewKey(
            merchant_id=place.merchant_id,
            acts_for_id=place.merchant_id,
            mode=Mode.LIVE,
            name="Web shop",
            scopes=frozenset(Scope),
            networks=(),
        )
        made = api_keys.make_key(new, person_id="per_bench", now=clock.now())
    return place.store_id, f"Authorization: Bearer {made.text}"


def _order_all(port: int, requests: Sequence[bytes]) -> float:
    """Send the orders and return the seconds they took; a refused order would be too cheap."""
    outcome = burst(port, requests, connections=CONNECTIONS)
    if set(outcome.statuses) != {201}:
        message = f"orders were refused: {sorted(set(outcome.statuses))}"
        raise RuntimeError(message)
    return outcome.seconds
