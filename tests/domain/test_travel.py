"""The built-in estimate of ways by car: the roads of an area, the hour, and what was learned."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain import eta
from app.domain.geo import Point
from app.domain.hours import Hours
from app.domain.site import SiteKind
from app.domain.traffic import AREAS, ROADS, TRAFFIC, Area, area_of
from app.domain.travel import Driving, Way, estimate, free_flow

ZONE = ZoneInfo("America/Phoenix")
#: On one Monday.
NIGHT = datetime(2026, 11, 23, 5, 30, tzinfo=ZONE)
PEAK = datetime(2026, 11, 23, 17, 30, tzinfo=ZONE)
A, B, NEIGHBOUR = Point(33.30, -111.90), Point(33.32, -111.92), Point(33.3003, -111.90)


def driving(area: Area = Area.SUBURBAN, **learned: float) -> Driving:
    return Driving(area, ZONE, learned)


def test_suburb_in_free_flow_is_the_estimate_without_an_hour():
    assert driving()(A, B, NIGHT) == estimate(A, B, NIGHT)


@pytest.mark.parametrize(
    ("area", "longer"), [(Area.URBAN, True), (Area.SUBURBAN, True), (Area.RURAL, False)]
)
def test_peak_takes_longer_where_there_is_traffic(area: Area, longer: bool):  # noqa: FBT001
    free, peak = driving(area)(A, B, NIGHT), driving(area)(A, B, PEAK)

    assert (peak.seconds > free.seconds) is longer
    # Only the way itself takes 1.33 times as long; setting out and parking do not.
    assert peak.seconds < 1.33 * free.seconds
    assert peak.metres == free.metres


def test_hour_is_the_places_own():
    assert driving()(A, B, PEAK) == driving()(A, B, PEAK.astimezone(ZoneInfo("UTC")))


def test_learned_factor_holds_for_its_hours():
    learned = driving(evening=1.5)

    assert learned(A, B, PEAK).seconds == pytest.approx(1.5 * driving()(A, B, PEAK).seconds, abs=1)
    assert learned(A, B, NIGHT) == driving()(A, B, NIGHT)


def test_neighbours_are_walked_to():
    walk = driving(Area.RURAL, evening=3.0)(A, NEIGHBOUR, PEAK)

    assert walk.seconds == eta.travel_s(33.36)


def test_way_without_traffic_gets_the_hours():
    assert driving().in_traffic(Way(300, 2_000), PEAK) == Way(399, 2_000)
    assert driving().in_traffic(Way(300, 2_000), NIGHT) == Way(300, 2_000)
    assert driving(Area.RURAL).in_traffic(Way(300, 2_000), PEAK) == Way(300, 2_000)


@pytest.mark.parametrize("area", Area)
def test_ways_free_of_traffic_are_those_of_the_night_at_every_hour(area: Area):
    assert free_flow(area)(A, B, PEAK) == driving(area)(A, B, NIGHT)
    assert free_flow(area)(A, NEIGHBOUR, PEAK) == driving(area)(A, NEIGHBOUR, PEAK)


def test_what_somebody_said_of_the_roads_counts_and_else_the_kind():
    assert area_of(SiteKind.MALL, "urban") is Area.URBAN
    assert area_of(SiteKind.MALL, None) is Area.SUBURBAN
    assert area_of(SiteKind.HUB, None) is Area.RURAL
    with pytest.raises(ValueError, match="seaside"):
        area_of(SiteKind.MALL, "seaside")


def test_every_kind_of_site_has_roads_and_no_figure_is_made_up():
    assert set(AREAS) == set(SiteKind)
    assert set(ROADS) == set(TRAFFIC) == set(Area)
    assert {hours for each in TRAFFIC.values() for hours in each} == {
        Hours.MORNING,
        Hours.EVENING,
    }
