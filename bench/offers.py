"""The list of offers with a thousand and with a hundred thousand runs in the table.

Almost all of them are history; the same twenty are on offer in both. A list that reads the history
would grow with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app import clock
from app.persistence.transaction import session, transaction
from bench.figures import Figure, quantile, say
from bench.load import burst, get
from bench.stage import MakeStage, Stage, stages
from tests.promises import crowd, serving
from tests.promises.crowd import Place, RunShape

FEW = 1_000
MANY = 100_000
OFFERED = 20
ROUNDS = 8
READS = 40
WARM_UP = 40
GOAL = 1.3
#: As many as fit one write transaction without filling memory.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class _Table:
    """A prepared database and a request for its offers."""

    stage: Stage
    request: bytes


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        with stages(engine) as make:
            few, many = _p95s(make, engine)
        yield Figure(
            name=f"offers_p95_{engine}",
            ours=f"{many:.1f} ms",
            peer=f"{few:.1f} ms",
            ratio=many / few,
            judged=many / few,
            goal=GOAL,
            rule="at_most",
        )


def _p95s(make: MakeStage, engine: str) -> tuple[float, float]:
    """Return milliseconds with few and with many runs."""
    say(f"offers_p95 {engine}: writing {MANY} runs")
    tables = [_filled(make("few"), FEW), _filled(make("many"), MANY)]
    waits: tuple[list[float], list[float]] = ([], [])
    few, many = (serving.environment(table.stage.settings) for table in tables)
    with serving.running_server(few) as first, serving.running_server(many) as second:
        for number in range(ROUNDS + 1):
            say(f"offers_p95 {engine}: round {number} of {ROUNDS}")
            for server, table, found in zip((first, second), tables, waits, strict=True):
                requests = [table.request] * (READS if number else WARM_UP)
                outcome = burst(server.port, requests, connections=1)
                if set(outcome.statuses) != {200}:
                    message = f"offers were refused: {sorted(set(outcome.statuses))}"
                    raise RuntimeError(message)
                if number:
                    found.extend(outcome.waits_ms)
    return quantile(waits[0], 0.95), quantile(waits[1], 0.95)


def _filled(prepared: Stage, count: int) -> _Table:
    with prepared.app.app_context():
        now = clock.now()
        with transaction():
            place = crowd.add_place()
            driver, veteran = crowd.add_drivers(2, place.site_id, now=now)
            crowd.add_runs(OFFERED, place, now=now)
        history = RunShape("finished", driver_id=veteran.person_id)
        for start in range(0, count - OFFERED, _AT_ONCE):
            _add_history(min(_AT_ONCE, count - OFFERED - start), place, history)
        with transaction():
            # An operator's database knows how its rows are spread; this one is a minute old.
            session().connection().exec_driver_sql("ANALYZE")
    return _Table(prepared, get("/driver/api/state", f"mallrun_driver={driver.token}"))


def _add_history(count: int, place: Place, shape: RunShape) -> None:
    with transaction():
        crowd.add_runs(count, place, shape, now=clock.now())
