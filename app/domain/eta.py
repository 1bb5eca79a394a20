"""How long things take and when somebody arrives, without a road engine.

Source of the travel figures: fits against OSRM road durations on four US networks (Reisterstown MD,
Columbus OH, DC–Arlington, Portland OR), about 39,700 pairs each, November 2026. Travel time was
fitted as `a + b × great circle`: 83 + 0.110, 149 + 0.076, 58 + 0.090 and 44 + 0.125 (seconds,
seconds per metre). Mean absolute error of a network's own fit 15–21 %, with another network's
constants 21–26 %; the means used here are nobody's own fit, so expect the latter. The roads were
free of traffic: an hour's factor has to come from completed legs.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

#: Means of the four fits: starting, turning and parking cost, in seconds …
TRAVEL_INTERCEPT_S: Final = 84.0
#: … and seconds per metre of great circle (36 km/h as the crow flies, beyond the intercept).
TRAVEL_S_PER_M: Final = 0.100
#: Two drop-offs this near are one parked car and a walk (delivery agents walk 46 m per stop,
#: median).
SAME_PLACE_M: Final = 50.0
#: Metres a second on foot: delivery agents 1.04 (Amazon GPS traces), people in a mall 0.85–1.03.
WALKING_M_PER_S: Final = 1.0
#: Ways on foot are longer than the straight line.
WALKING_CIRCUITY: Final = 1.3

#: Circuity of the roads, mean of the four networks: 2.10 at 0.3–2 km of great circle, 1.60 at
#: 2–5 km, 1.47 at 5–10 km. The line 880 m + 1.35 × distance meets all three at mid-bin …
ROAD_INTERCEPT_M: Final = 880.0
ROAD_PER_M: Final = 1.35
#: … and short ways are held to the highest circuity that was measured in any bin.
ROAD_CIRCUITY_MAX: Final = 2.83

#: At the door, from the car and back. Source: 1,164 stops of Amazon agents, median 93 s.
DOOR_S: Final = 90
#: From the mall's road into a parking space. No measured figure was found; an assumption.
PARKING_S: Final = 120
#: At a store's counter for the first order, and for each further one. An assumption as well.
HANDOVER_FIRST_S: Final = 120
HANDOVER_NEXT_S: Final = 60

#: At least this share of arrivals lies within the window that was told: 98.6 % of 3,658 in two
#: simulated days, whose roads are as wrong as the estimate was measured to be. Real runs may
#: differ.
ARRIVAL_SHARE: Final = 0.90
#: Shares of the time still to go by which a driver is early or late; late is the likelier error.
_EARLY_SHARE: Final = 0.15
_LATE_SHARE: Final = 0.25
#: Per stop served before: parked spells have quartiles 52 and 103 s and a 90th percentile of 153 s.
_EARLY_PER_STOP_S: Final = 30
_LATE_PER_STOP_S: Final = 90
#: Arrival windows begin and end on whole five minutes, and none is narrower than ten.
WINDOW_STEP: Final = timedelta(minutes=5)
WINDOW_MIN: Final = timedelta(minutes=10)

#: Nobody is surer than this of when a driver comes.
_WIDTH_MIN: Final = timedelta(minutes=1)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Spread:
    """By how much an arrival window is wider or narrower than by default, on either side."""

    early: float = 1.0
    late: float = 1.0


#: Safe until a site's own arrivals say more (`arrivals`).
DEFAULT_SPREAD: Final = Spread()


def travel_s(
    distance_gc_m: float, *, a: float = TRAVEL_INTERCEPT_S, b: float = TRAVEL_S_PER_M
) -> int:
    """Return whole seconds for a leg by car; on foot within `SAME_PLACE_M`.

    Args:
        distance_gc_m: Great-circle distance in metres, 0 or more.
        a: Intercept in seconds.
        b: Seconds per metre.
    """
    if distance_gc_m <= SAME_PLACE_M:
        return round(distance_gc_m * WALKING_CIRCUITY / WALKING_M_PER_S)
    return round(a + b * distance_gc_m)


def road_distance_m(distance_gc_m: float) -> int:
    """Return whole metres by road for a great-circle distance in metres, 0 or more."""
    return round(
        min(ROAD_CIRCUITY_MAX * distance_gc_m, ROAD_INTERCEPT_M + ROAD_PER_M * distance_gc_m)
    )


def handover_s(order_count: int) -> int:
    """Return seconds at a store's counter for this many orders, at least one."""
    return HANDOVER_FIRST_S + HANDOVER_NEXT_S * (order_count - 1)


def widths(to_go: timedelta, stops_before: int) -> tuple[timedelta, timedelta]:
    """Return how far an arrival may lie before and after its estimate by default.

    Args:
        to_go: From now to the estimate.
        stops_before: Stops the driver serves first, 0 or more.
    """
    early = to_go * _EARLY_SHARE + timedelta(seconds=_EARLY_PER_STOP_S * stops_before)
    late = to_go * _LATE_SHARE + timedelta(seconds=_LATE_PER_STOP_S * stops_before)
    return max(early, _WIDTH_MIN), max(late, _WIDTH_MIN)


def arrival_window(
    eta: datetime,
    now: datetime,
    stops_before: int,
    spread: Spread = DEFAULT_SPREAD,
    *,
    opens_at: datetime | None = None,
) -> tuple[datetime, datetime]:
    """Return from when until when to expect the driver, in UTC and on whole five minutes.

    The window is as wide as the estimate is unsure: it grows with the time still to go and with the
    stops served before. It always contains `eta` and never ends before `now`; a driver who is late
    is expected from now on.

    Args:
        eta: Estimated arrival, aware.
        now: The present, aware.
        stops_before: Stops the driver serves first, 0 or more.
        spread: What the site's own arrivals say of the default widths.
        opens_at: When what was promised begins: nobody is told to expect the driver earlier, who
            waits if he comes before.
    """
    least = max(now, opens_at) if opens_at is not None else now
    expected = max(eta, least)
    early, late = widths(expected - now, stops_before)
    start = _floored(max(now, expected - spread.early * early))
    if opens_at is not None:
        # It may begin at any minute, and is told as it is.
        start = max(start, opens_at)
    latest = expected + spread.late * late
    end = -((-(latest - _EPOCH)) // WINDOW_STEP) * WINDOW_STEP + _EPOCH
    return start, max(end, start + WINDOW_MIN)


def _floored(instant: datetime) -> datetime:
    return (instant - _EPOCH) // WINDOW_STEP * WINDOW_STEP + _EPOCH
