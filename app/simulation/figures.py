"""What a simulated day comes to, and the same orders formed in other ways."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.geo import Point
from app.domain.travel import TravelTimes, Way, free_flow
from app.simulation.day import SiteDay, simulate_site
from app.simulation.nearest import HalfHourly, NearestFirst
from app.simulation.places import SimSite, read_sites
from app.simulation.policies import AtOnce, Formed, OneEach, Policy, Stage
from app.simulation.world import World

_KM: Final = 1_000
_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600

POLICIES: Final[dict[str, Callable[[Stage], Policy]]] = {
    "formed": Formed,
    "at_once": AtOnce,
    "one_each": OneEach,
    "nearest_first": NearestFirst,
    "half_hourly": HalfHourly,
}


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of a day under one way of forming runs.

    Attributes:
        orders: How many there were.
        delivered: How many of them reached their door that day.
        runs: How many were driven.
        on_time_share: Of all orders, those at the door within their window.
        cost_per_drop: What drivers were paid for each delivered order, dollars.
        minutes_per_drop: Of a driver, from setting out, for each delivered order.
        km_per_drop: Driven, empty ways too.
        empty_km: Driven to a site without a parcel.
        empty_share: Of all that was driven.
        driver_pay_per_hour: From setting out to the last door, dollars.
        lapsed_claims: Claims whose driver never came.
    """

    orders: int
    delivered: int
    runs: int
    on_time_share: float
    cost_per_drop: float
    minutes_per_drop: float
    km_per_drop: float
    empty_km: float
    empty_share: float
    driver_pay_per_hour: float
    lapsed_claims: int


@dataclass(frozen=True, slots=True)
class Simulated:
    """A seed's days: figures by way of forming, and the product's own days by site."""

    seed: int
    figures: dict[str, DayFigures]
    by_site: dict[str, DayFigures]
    days: list[tuple[SimSite, SiteDay]]

    def as_json(self) -> dict[str, Any]:
        """Return the figures of the product's own way, what they are to the others, and all."""
        ours, naive = self.figures["formed"], self.figures["nearest_first"]
        one_each, half_hourly = self.figures["one_each"], self.figures["half_hourly"]
        at_once = self.figures["at_once"]
        return {
            "seed": self.seed,
            **asdict(ours),
            "cost_ratio_to_naive": round(ours.cost_per_drop / naive.cost_per_drop, 3),
            "cost_ratio_to_one_each": round(ours.cost_per_drop / one_each.cost_per_drop, 3),
            "cost_ratio_to_half_hourly": round(ours.cost_per_drop / half_hourly.cost_per_drop, 3),
            "cost_ratio_to_at_once": round(ours.cost_per_drop / at_once.cost_per_drop, 3),
            "at_once": asdict(at_once),
            "one_each": asdict(one_each),
            "nearest_first": asdict(naive),
            "half_hourly": asdict(half_hourly),
            "by_site": {name: asdict(figures) for name, figures in self.by_site.items()},
        }


def simulate(seed: int, tell: Callable[[str], None]) -> Simulated:
    """Return what a seed's day comes to. Takes minutes.

    Args:
        seed: Of everything that chance decides.
        tell: Hears what is being done.
    """
    around = [(site, _kept(free_flow(site.area))) for site in read_sites()]
    figures: dict[str, DayFigures] = {}
    ours: list[tuple[SimSite, SiteDay]] = []
    for name, make in POLICIES.items():
        days: list[tuple[SimSite, SiteDay]] = []
        for site, travel in around:
            tell(f"{name.replace('_', ' ')}: {site.name}")
            policy, world = make(Stage(site, travel)), World(seed, travel)
            days.append((site, simulate_site(site, seed, policy, world, travel)))
        figures[name] = figures_of([day for _, day in days])
        ours = ours or days
    by_site = {site.key: figures_of([day]) for site, day in ours}
    return Simulated(seed, figures, by_site, ours)


def _kept(travel: TravelTimes) -> TravelTimes:
    known: dict[tuple[Point, Point, int], Way] = {}

    def look_up(start: Point, end: Point, at: datetime) -> Way:
        key = (start, end, at.toordinal() * 24 + at.hour)
        way = known.get(key)
        if way is None:
            way = known[key] = travel(start, end, at)
        return way

    return look_up


def figures_of(days: Sequence[SiteDay]) -> DayFigures:
    """Return the figures of one or several sites' days."""
    runs = [run for day in days for run in day.runs]
    drops = [drop for run in runs for drop in run.drops]
    count = max(1, len(drops))
    orders = sum(len(day.orders) for day in days)
    pay = sum(run.pay_minor for run in runs) / 100
    busy_s = sum(run.busy_s for run in runs)
    empty_km = sum(run.empty_m for run in runs) / _KM
    all_km = empty_km + sum(run.loaded_m for run in runs) / _KM
    return DayFigures(
        orders=orders,
        delivered=len(drops),
        runs=len(runs),
        on_time_share=round(sum(drop.is_on_time for drop in drops) / max(1, orders), 4),
        cost_per_drop=round(pay / count, 2),
        minutes_per_drop=round(busy_s / _MINUTE_S / count, 1),
        km_per_drop=round(all_km / count, 2),
        empty_km=round(empty_km, 1),
        empty_share=round(empty_km / max(1e-9, all_km), 3),
        driver_pay_per_hour=round(pay / max(1, busy_s) * _HOUR_S, 2),
        lapsed_claims=sum(day.lapsed for day in days),
    )


#: Name, and how a line of the table reads, best told by its unit.
_LINES: Final = (
    ("runs driven", "runs", "{:,.0f}"),
    ("orders delivered", "delivered", "{:,.0f}"),
    ("on time", "on_time_share", "{:.1%}"),
    ("cost per drop", "cost_per_drop", "${:.2f}"),
    ("minutes per drop", "minutes_per_drop", "{:.1f}"),
    ("km per drop", "km_per_drop", "{:.2f}"),
    ("empty km", "empty_km", "{:,.0f}"),
    ("empty share of km", "empty_share", "{:.1%}"),
    ("driver pay per hour", "driver_pay_per_hour", "${:.2f}"),
    ("lapsed claims", "lapsed_claims", "{:.0f}"),
)
#: What people read for each way of forming.
HEADS: Final = {
    "formed": "Mallrun",
    "at_once": "shown at once",
    "one_each": "one order a run",
    "nearest_first": "nearest first",
    "half_hourly": "each half hour",
}


def table(simulated: Simulated) -> Iterator[str]:
    """Yield the lines of a table: one column for each way of forming runs."""
    yield f"{'':<22}" + "".join(f"{HEADS[name]:>18}" for name in simulated.figures)
    for words, name, pattern in _LINES:
        cells = [pattern.format(getattr(each, name)) for each in simulated.figures.values()]
        yield f"{words:<22}" + "".join(f"{cell:>18}" for cell in cells)
