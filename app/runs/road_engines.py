"""Asking OSRM and Valhalla for a table of road times.

Source: OSRM 5.x HTTP API, table service; Valhalla 3.x matrix API, `sources_to_targets`.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final, cast
from urllib.error import URLError
from urllib.request import Request, urlopen

from app.domain.geo import Point
from app.domain.travel import Way

#: A whole answer is here by then, or there is none.
ANSWER_WITHIN_S: Final = 5.0
_READ_BYTES: Final = 65_536
#: 2,500 pairs are a few hundred kilobytes.
_ANSWER_MAX_BYTES: Final = 8 * 1024 * 1024
_METRES_PER_KM: Final = 1_000
_DEPARTING_AT: Final = 1
#: A way that takes more seconds, or metres, than this is a mistake of the engine.
_MOST: Final = 10_000_000

Rows = list[list[Way | None]]


class EngineError(Exception):
    """An engine gave no answer, or none that makes sense."""


#: From these places to those, about when (in the places' own time): a way for each pair, or None
#: where there is no road. Raises `EngineError` when there is no answer that makes sense.
Ask = Callable[[Sequence[Point], Sequence[Point], datetime], Rows]


@dataclass(frozen=True, slots=True)
class RoadEngine:
    """A server of road times.

    Attributes:
        ask: Asks it.
        knows_hours: Whether the answer is one for the hour that was asked for, traffic included.
    """

    ask: Ask
    knows_hours: bool


def osrm(base_url: str) -> RoadEngine:
    """Return how to ask an OSRM server, whose roads are free of traffic.

    Args:
        base_url: Where it is, without a trailing slash.
    """

    def ask(starts: Sequence[Point], ends: Sequence[Point], _at: datetime) -> Rows:
        places = ";".join(f"{each.lon_deg:.6f},{each.lat_deg:.6f}" for each in (*starts, *ends))
        sources = ";".join(str(number) for number in range(len(starts)))
        targets = ";".join(str(len(starts) + number) for number in range(len(ends)))
        answer = _fetch(
            f"{base_url}/table/v1/driving/{places}"
            f"?sources={sources}&destinations={targets}&annotations=duration,distance"
        )
        if answer.get("code") != "Ok":
            raise EngineError("code")
        durations = _table(answer.get("durations"), len(starts), len(ends))
        distances = _table(answer.get("distances"), len(starts), len(ends))
        return [
            [_way(seconds, metres) for seconds, metres in zip(*rows, strict=True)]
            for rows in zip(durations, distances, strict=True)
        ]

    return RoadEngine(ask, knows_hours=False)


def valhalla(base_url: str) -> RoadEngine:
    """Return how to ask a Valhalla server for an hour. It needs its own tables of traffic for that.

    From more places than to places it tells no hour's times; it is then asked for any hour's.

    Args:
        base_url: Where it is, without a trailing slash.
    """

    def ask(starts: Sequence[Point], ends: Sequence[Point], at: datetime) -> Rows:
        question: dict[str, object] = {
            "sources": [{"lat": each.lat_deg, "lon": each.lon_deg} for each in starts],
            "targets": [{"lat": each.lat_deg, "lon": each.lon_deg} for each in ends],
            "costing": "auto",
            "units": "kilometers",
        }
        if len(starts) <= len(ends):
            question["date_time"] = {"type": _DEPARTING_AT, "value": f"{at:%Y-%m-%dT%H:%M}"}
        answer = _fetch(f"{base_url}/sources_to_targets", json.dumps(question).encode())
        table = _table(answer.get("sources_to_targets"), len(starts), len(ends))
        return [[_cell(cell) for cell in row] for row in table]

    return RoadEngine(ask, knows_hours=True)


ENGINES: Final = {"osrm": osrm, "valhalla": valhalla}


def _cell(cell: object) -> Way | None:
    if not isinstance(cell, dict):
        raise EngineError("cell")
    known = cast("dict[str, object]", cell)
    seconds, kilometres = known.get("time"), known.get("distance")
    metres = kilometres * _METRES_PER_KM if isinstance(kilometres, int | float) else None
    return _way(seconds, metres)


def _way(seconds: object, metres: object) -> Way | None:
    """Return a way, or None where the engine says that there is no road."""
    if seconds is None or metres is None:
        return None
    return Way(round(_number(seconds)), round(_number(metres)))


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= _MOST:
        raise EngineError("number")
    return value


def _table(table: object, rows: int, columns: int) -> list[list[object]]:
    """Return an answer's table, once it has so many rows and columns."""
    found = cast("list[object]", table) if isinstance(table, list) else []
    if len(found) != rows:
        raise EngineError("table")
    for row in found:
        if not isinstance(row, list) or len(cast("list[object]", row)) != columns:
            raise EngineError("table")
    return cast("list[list[object]]", found)


def _fetch(url: str, body: bytes | None = None) -> dict[str, Any]:
    """Return an answer's JSON object."""
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    # The address is the operator's own setting, held to http and https where it is read.
    request = Request(url, data=body, headers=headers)  # noqa: S310
    until = time.monotonic() + ANSWER_WITHIN_S
    read = bytearray()
    try:
        with urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310
            while piece := answer.read1(_READ_BYTES):
                read += piece
                # A server that sends a byte now and then never runs into the socket's timeout.
                if len(read) > _ANSWER_MAX_BYTES or time.monotonic() > until:
                    raise EngineError("too long")
        found: object = json.loads(read)
    except (URLError, OSError, HTTPException, ValueError) as error:
        raise EngineError(type(error).__name__) from error
    if not isinstance(found, dict):
        raise EngineError("json")
    return cast("dict[str, Any]", found)
