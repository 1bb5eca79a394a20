"""How long one more order takes to find its place among 1,000 that are open at one mall.

What the product does when an order has come in: the job that reads the mall's open orders and runs,
decides, and writes the run's plan in one transaction. There is no peer: the ratio is to the time
that the rule itself takes within these jobs (`domain.forming`), so it says what reading and writing
add. The mall is one of `forming`'s, its orders are placed and formed by the product.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import ParamSpec, TypeVar

from app import clock
from app.deliveries import placing
from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.delivery import CancelReason
from app.domain.run_plan import OpenDelivery
from app.jobs.handlers import HANDLERS
from app.persistence.transaction import session, transaction
from app.runs import forming, queries
from app.runs.cancelling import cancel_delivery
from app.sites import service as sites
from bench.figures import Figure, quantile, say
from bench.mall_cases import MallCase, mall_cases
from bench.stage import Stage, stages
from tests.domain.run_cases import NOW
from tests.factories import new_delivery
from tests.places import MALL, STORE

P = ParamSpec("P")
R = TypeVar("R")

OPEN = 1_000
NEW = 60


def _timed(function: Callable[P, R], ms: list[float]) -> Callable[P, R]:
    """Return a function that notes how many milliseconds each call takes."""

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        began = time.perf_counter()
        result = function(*args, **kwargs)
        ms.append((time.perf_counter() - began) * 1_000)
        return result

    return call


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    (mall,) = mall_cases(OPEN + NEW, 1)
    for engine in ("sqlite", "postgres"):
        with stages(engine) as make:
            stage = make("product")
            say(f"replan_{engine}: placing {OPEN} orders")
            shop = _Shop(stage, mall)
            for order in mall.orders[:OPEN]:
                shop.places(order)
            shop.forms_all()
            shop.loses_some()
            say(f"replan_{engine}")
            yield _one_more(engine, shop)


def _one_more(engine: str, shop: "_Shop") -> Figure:
    job_ms: list[float] = []
    rule_ms: list[float] = []
    form, forms = forming.form, _timed(shop.forms, job_ms)
    forming.form = _timed(form, rule_ms)
    try:
        for order in shop.mall.orders[OPEN:]:
            shop.places(order)
            forms()
    finally:
        forming.form = form
    ours, theirs = quantile(job_ms, 0.95), quantile(rule_ms, 0.95)
    return Figure(
        name=f"replan_{engine}_ms_p95",
        ours=f"{ours:.0f} ms",
        peer=f"{theirs:.0f} ms",
        ratio=ours / theirs,
        judged=ours,
    )


class _Shop:
    """A mall in a database, and whoever orders there."""

    def __init__(self, stage: Stage, mall: MallCase) -> None:
        self.mall = mall
        self._app = stage.app
        with self._app.app_context(), transaction():
            parking, entrance = mall.site.parking, mall.site.entrance
            site = replace(
                MALL,
                parking_lat=parking.lat_deg,
                parking_lon=parking.lon_deg,
                entrance_lat=entrance.lat_deg,
                entrance_lon=entrance.lon_deg,
            )
            self.site_id = sites.add_site(site).id
            merchant = sites.add_merchant("Lumen")
            found = {each.store_id: each for each in mall.orders}
            self._stores = {
                name: sites.add_store(
                    replace(
                        STORE,
                        floor=each.floor,
                        lat=each.store_point.lat_deg,
                        lon=each.store_point.lon_deg,
                    ),
                    site_id=self.site_id,
                    merchant_id=merchant.id,
                ).id
                for name, each in found.items()
            }

    def places(self, order: OpenDelivery) -> None:
        """Place an order as of now."""
        with self._app.app_context(), transaction():
            now = clock.now()
            placing.place(
                new_delivery(
                    lat=order.dropoff.lat_deg,
                    lon=order.dropoff.lon_deg,
                    window_from=now,
                    window_until=now + (order.window_until - NOW),
                    ready_at=max(now, now + (order.ready_at - NOW)),
                    merchant_ref=order.id,
                    parcel_count=order.parcels,
                ),
                store_id=self._stores[order.store_id],
                act=Act.of_system(now),
            )

    def forms(self) -> None:
        """Do the job that forms runs, once."""
        with self._app.app_context():
            HANDLERS["form_runs"](site_id=self.site_id, now=clock.now() + timedelta(seconds=2))

    def loses_some(self) -> None:
        """Let every other run lose an order, so that there is room to choose from."""
        with self._app.app_context(), transaction():
            now = clock.now()
            for run in queries.offered_runs(self.site_id, now=now, limit=OPEN)[::2]:
                first = deliveries.deliveries_of_run(run.id)[0]
                act = Act.of_system(now)
                cancel_delivery(
                    first.id,
                    store_id=first.store_id,
                    reason=CancelReason.OUT_OF_STOCK,
                    act=act,
                )

    def forms_all(self) -> None:
        """Form runs until no order waits."""
        while True:
            self.forms()
            with self._app.app_context():
                is_waiting = forming.is_anybody_waiting(self.site_id, now=clock.now())
                session().rollback()
            if not is_waiting:
                return
