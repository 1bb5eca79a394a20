"""Runs by seed, and what the best plan of one costs: found another way than the product does.

The solver here knows no bounds, no first answers and no order in which parcels are best taken:
labels are settled over sets of orders, and a visit to a store may take any set of its orders.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.domain import eta
from app.domain.geo import Point
from app.domain.run import StopKind
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan
from app.domain.travel import TravelTimes, estimate
from app.domain.walking import Spot, walk_s

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SITE = FormingSite(Point(33.3012, -111.8990), Point(33.3008, -111.8992))

#: Late seconds, whether a store is visited again, seconds from now to the end, and at work.
Key = tuple[int, bool, int, int]


def random_run(seed: int, count: int) -> list[OpenDelivery]:
    """Orders of one to four stores (seldom one each), with windows from easy to hopeless."""
    chance = random.Random(f"{seed}/{count}")  # noqa: S311 - Cases, not secrets.
    stores = count if chance.random() < 0.1 else chance.randint(1, min(4, count))
    spots = [
        (
            Point(
                33.3012 + chance.uniform(-15, 25) / 1e4, -111.8990 + chance.uniform(-20, 20) / 1e4
            ),
            chance.choice([0, 0, 1, 2]),
        )
        for _ in range(stores)
    ]
    tightness = chance.choice([60, 120, 180, 240])
    spread = chance.choice([20, 50, 80])
    return [_order(chance, number, spots, tightness, spread) for number in range(count)]


def _order(
    chance: random.Random,
    number: int,
    spots: list[tuple[Point, int]],
    tightness: int,
    spread: int,
) -> OpenDelivery:
    store = chance.randrange(len(spots))
    point, floor = spots[store]
    window_from = NOW + timedelta(minutes=chance.choice([-60, -60, -60, chance.randint(0, 90)]))
    return OpenDelivery(
        id=f"dlv_{number}",
        store_id=f"str_{store}",
        store_point=point,
        floor=floor,
        dropoff=Point(
            33.3012 + chance.uniform(-spread, spread) / 1e3,
            -111.8990 + chance.uniform(-spread, spread) / 1e3,
        ),
        window_from=window_from,
        window_until=max(window_from, NOW) + timedelta(minutes=60 + chance.randint(0, tightness)),
        ready_at=NOW + timedelta(minutes=chance.choice([-10, chance.randint(0, 40)])),
        parcels=1,
    )


def key_of(plan: RunPlan, deliveries: list[OpenDelivery], now: datetime = NOW) -> Key:
    """Return what a plan costs, counted from its stops alone."""
    by_id = {each.id: each for each in deliveries}
    late = sum(
        max(0, round((stop.planned_at - by_id[stop.delivery_id].window_until).total_seconds()))
        for stop in plan.stops
        if stop.delivery_id
    )
    visits = [stop for stop in plan.stops if stop.kind is StopKind.PICKUP]
    is_again = len(visits) > len({stop.store_id for stop in visits})
    end = plan.starts_at + timedelta(seconds=plan.duration_s) - now
    spot = {each.store_id: each.store_spot for each in deliveries}[str(visits[-1].store_id)]
    work = sum(stop.travel_s + stop.service_s for stop in plan.stops) + _to_car_s(spot)
    return late, is_again, round(end.total_seconds()), work


def best_key(
    deliveries: list[OpenDelivery], *, now: datetime = NOW, travel: TravelTimes = estimate
) -> Key:
    """Return what the best plan costs, as `key_of` counts it."""
    return min(_delivered(deliveries, _collected(deliveries, now), now, travel))


def _collected(deliveries: list[OpenDelivery], now: datetime) -> set[tuple[int, int, int]]:
    """Return (whether a store is visited again, clock, work) at the car, what nothing beats."""
    count = len(deliveries)
    stores = sorted({each.store_id for each in deliveries})
    spots = {each.store_id: each.store_spot for each in deliveries}
    members = {
        store: [n for n in range(count) if deliveries[n].store_id == store] for store in stores
    }
    ready = [round((each.ready_at - now).total_seconds()) for each in deliveries]
    states: dict[tuple[frozenset[int], str], set[tuple[int, int, int]]] = {
        (frozenset(), ""): {(0, _to_entrance_s(), 0)}
    }
    done: set[tuple[int, int, int]] = set()
    while states:
        following: dict[tuple[frozenset[int], str], set[tuple[int, int, int]]] = {}
        for (taken, here), labels in states.items():
            start = spots[here] if here else Spot(SITE.entrance, SITE.entrance_floor)
            if len(taken) == count:
                back = _to_car_s(start)
                done |= {
                    (int(visits > len(stores)), clock + back, work + back)
                    for visits, clock, work in labels
                }
                continue
            for store in stores:
                left = [n for n in members[store] if n not in taken]
                if not left:
                    continue
                leg = walk_s(start, spots[store])
                for some in _subsets(left):
                    service = eta.handover_s(len(some))
                    latest = max(ready[n] for n in some)
                    into = following.setdefault((taken | set(some), store), set())
                    into |= {
                        (visits + 1, max(clock + leg, latest) + service, work + leg + service)
                        for visits, clock, work in labels
                    }
        states = {state: _unbeaten(labels) for state, labels in following.items()}
    return _unbeaten(done)


def _delivered(
    deliveries: list[OpenDelivery],
    collected: set[tuple[int, int, int]],
    now: datetime,
    travel: TravelTimes,
) -> Iterator[Key]:
    count = len(deliveries)
    opens = [round((each.window_from - now).total_seconds()) for each in deliveries]
    closes = [round((each.window_until - now).total_seconds()) for each in deliveries]
    doors = [each.dropoff for each in deliveries]
    legs = [[travel(a, b, now).seconds for b in doors] for a in (*doors, SITE.parking)]
    for is_again in sorted({each[0] for each in collected}):
        states: dict[tuple[frozenset[int], int], set[tuple[int, int, int]]] = {
            (frozenset(), count): {
                (0, clock, work) for again, clock, work in collected if again == is_again
            }
        }
        for _round in range(count):
            following: dict[tuple[frozenset[int], int], set[tuple[int, int, int]]] = {}
            for (served, here), labels in states.items():
                for door in range(count):
                    if door in served:
                        continue
                    leg = legs[here][door]
                    into = following.setdefault((served | {door}, door), set())
                    for late, clock, work in labels:
                        begins = max(clock + leg, opens[door])
                        into.add(
                            (
                                late + max(0, begins - closes[door]),
                                begins + eta.DOOR_S,
                                work + leg + eta.DOOR_S,
                            )
                        )
            states = {state: _unbeaten(labels) for state, labels in following.items()}
        for labels in states.values():
            yield from ((late, bool(is_again), clock, work) for late, clock, work in labels)


def _unbeaten(labels: set[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
    kept: list[tuple[int, int, int]] = []
    for one in sorted(labels):
        if not any(b[0] <= one[0] and b[1] <= one[1] and b[2] <= one[2] for b in kept):
            kept.append(one)
    return set(kept)


def _subsets(numbers: list[int]) -> Iterator[tuple[int, ...]]:
    for bits in range(1, 1 << len(numbers)):
        yield tuple(n for at, n in enumerate(numbers) if bits >> at & 1)


def _to_entrance_s() -> int:
    entrance = Spot(SITE.entrance, SITE.entrance_floor)
    return eta.PARKING_S + walk_s(Spot(SITE.parking, 0), entrance)


def _to_car_s(spot: Spot) -> int:
    entrance = Spot(SITE.entrance, SITE.entrance_floor)
    return walk_s(spot, entrance) + walk_s(entrance, Spot(SITE.parking, 0))
