"""A picture of a simulated day: what each way of forming costs, and the runs on the map."""

import math
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from app.domain.geo import Point
from app.simulation.day import SiteDay
from app.simulation.figures import HEADS, Simulated
from app.simulation.places import SimSite

_WIDTH: Final = 840
_HEIGHT: Final = 560
_ROW: Final = 40
_TOP: Final = 112
_MAPS_TOP: Final = 370
_MAP: Final = 148
_GAP: Final = 12
#: Bars begin here, and the longest is so long.
_BARS: Final = ((170, 250), (540, 180))

_HEAD: Final = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
    ' aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="14">'
)
_CREDIT: Final = "Places: Matt Stiles (MIT) and © OpenStreetMap contributors (ODbL)"
_STYLE: Final = """
    .ground { fill: #FBFAF6 } .card { fill: #FFFFFF; stroke: #D9D5CB }
    .ink { fill: #14202B } .muted { fill: #52606D } .head { font-weight: 650; font-size: 18px }
    .ours { fill: #0B6B4B } .other { fill: #A9B4BF } .site { fill: #14202B }
    .way { fill: none; stroke: #0B6B4B; stroke-width: 1; stroke-opacity: .45 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0E151B } .card { fill: #18222B; stroke: #33414D }
      .ink { fill: #F2F0EA } .muted { fill: #A9B4BF }
      .ours { fill: #4CD3A1 } .other { fill: #52606D } .site { fill: #F2F0EA }
      .way { stroke: #4CD3A1 }
    }
"""


def picture(simulated: Simulated) -> str:
    """Return the picture as SVG, for light and dark grounds; the same day gives the same text."""
    ours = simulated.figures["formed"]
    words = (
        f"{ours.delivered:,} of {ours.orders:,} orders delivered in {ours.runs} runs,"
        f" {ours.on_time_share:.1%} on time, ${ours.cost_per_drop:.2f} a drop."
    )
    lines = [
        _HEAD,
        '  <title id="title">A simulated day</title>',
        f'  <desc id="desc">{escape(_described(simulated))}</desc>',
        f"  <style>{_STYLE}  </style>",
        f'  <rect class="ground" width="{_WIDTH}" height="{_HEIGHT}" rx="12"/>',
        f'  <text class="ink head" x="30" y="40">A simulated day, seed {simulated.seed}</text>',
        f'  <text class="muted" x="30" y="64">{escape(words)}</text>',
        *_bars(simulated),
        *(
            line
            for number, (site, day) in enumerate(simulated.days)
            for line in _map(site, day, 30 + number * (_MAP + _GAP))
        ),
        f'  <text class="muted" x="30" y="{_HEIGHT - 14}" font-size="12">{_CREDIT}</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _described(simulated: Simulated) -> str:
    parts = [
        f"{HEADS[name]}: ${each.cost_per_drop:.2f} a drop, {each.on_time_share:.1%} on time"
        for name, each in simulated.figures.items()
    ]
    return "Bars. " + "; ".join(parts) + ". Below, the runs of each site on the map."


def _bars(simulated: Simulated) -> Iterator[str]:
    (cost_x, cost_w), (time_x, time_w) = _BARS
    most = max(each.cost_per_drop for each in simulated.figures.values())
    yield f'  <text class="muted" x="{cost_x}" y="{_TOP - 12}">driver pay per drop</text>'
    yield f'  <text class="muted" x="{time_x}" y="{_TOP - 12}">on time</text>'
    for number, (name, each) in enumerate(simulated.figures.items()):
        y = _TOP + number * _ROW
        colour = "ours" if name == "formed" else "other"
        cost, share = each.cost_per_drop / most * cost_w, each.on_time_share * time_w
        yield f'  <text class="ink" x="30" y="{y + 18}">{HEADS[name]}</text>'
        yield _bar(colour, cost_x, y, cost, f"${each.cost_per_drop:.2f}")
        yield _bar(colour, time_x, y, share, f"{each.on_time_share:.1%}")


def _bar(colour: str, x: int, y: int, width: float, words: str) -> str:
    return (
        f'  <rect class="{colour}" x="{x}" y="{y}" width="{width:.1f}" height="26" rx="4"/>'
        f'<text class="ink" x="{x + width + 8:.1f}" y="{y + 18}">{words}</text>'
    )


def _map(site: SimSite, day: SiteDay, x: int) -> Iterator[str]:
    points = [point for run in day.runs for point in run.path]
    name = escape(site.name)
    yield f'  <text class="ink" x="{x}" y="{_MAPS_TOP - 26}" font-size="12">{name}</text>'
    yield (
        f'  <text class="muted" x="{x}" y="{_MAPS_TOP - 10}" font-size="12">'
        f"{len(day.runs)} runs, {len(day.orders)} orders</text>"
    )
    yield f'  <rect class="card" x="{x}" y="{_MAPS_TOP}" width="{_MAP}" height="{_MAP}" rx="8"/>'
    place = _Frame(points or [site.forming.parking], x)
    for run in day.runs:
        way = " ".join(place(point) for point in run.path)
        yield f'  <polyline class="way" points="{way}"/>'
    at_x, at_y = place(site.forming.parking).split(",")
    yield f'  <circle class="site" cx="{at_x}" cy="{at_y}" r="4"/>'


class _Frame:
    """Where points are in a site's square: north up, metres alike in both directions."""

    def __init__(self, points: Sequence[Point], x: int) -> None:
        lats = [point.lat_deg for point in points]
        lons = [point.lon_deg for point in points]
        self._middle = ((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
        self._narrow = math.cos(math.radians(self._middle[0]))
        span = max(max(lats) - min(lats), (max(lons) - min(lons)) * self._narrow, 1e-6)
        self._scale = (_MAP - 16) / span
        self._centre = (x + _MAP / 2, _MAPS_TOP + _MAP / 2)

    def __call__(self, point: Point) -> str:
        east = (point.lon_deg - self._middle[1]) * self._narrow * self._scale
        south = (self._middle[0] - point.lat_deg) * self._scale
        return f"{self._centre[0] + east:.1f},{self._centre[1] + south:.1f}"
