"""Orders per second through the API, beside a bare Flask view that checks and inserts one row.

Each order has a key, a number and an Idempotency-Key of its own, as it does in life: what it costs
includes the key's check, the limits, the idempotency row, recipient, parcel, event, the job that
forms runs, and the whole delivery in the answer. Both servers stand ready; they are measured in
turns.
"""

import json
from collections.abc import Iterator

from app import clock
from app.accounts import api_keys
from app.accounts.api_keys import NewKey
from app.domain.api_key import Mode, Scope
from app.persistence.transaction import transaction
from bench.figures import Figure
from bench.load import post
from bench.stage import Stage, stages
from bench.turns import ROUNDS, WARM_UP, share_of_peer
from tests.api.ordering import order
from tests.promises import crowd

ORDERS = 100
COUNT = WARM_UP + ROUNDS * ORDERS
GOAL = 0.5


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        with stages(engine) as make:
            # Each has its own file or database: a SQLite file has one writing process.
            product, bare = make("product"), make("bare")
            store_id, key = a_shop(product)
            orders = [json.dumps(order(store_id)).encode() for _ in range(COUNT)]
            ours = [
                post(
                    "/api/v1/deliveries", body, headers=(key, f'Idempotency-Key: "order-{number}"')
                )
                for number, body in enumerate(orders)
            ]
            peers = [post("/deliveries", body) for body in orders]
            command = ("-m", "bench.peers.bare_create", bare.settings.database_url)
            yield share_of_peer(
                f"creates_{engine}",
                (product.settings, ours),
                (command, peers),
                status=201,
                goal=GOAL,
            )


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
