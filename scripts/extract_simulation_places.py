"""Take the simulated day's real places out of public tables and maps.

    PYTHONPATH=. python scripts/extract_simulation_places.py FOLDER

The folder has `stores_within_10mi_of_3_malls.csv` (github.com/stiles/locations put together),
`streets/chandler_az_links_osm.geojson`, `osm/columbus_norm.osm.pbf` and `osm/felton.osm.pbf`
(OpenStreetMap). Reading the last two needs the package `osmium`, which the product does not. Run
again, the script gives the same files.
"""

import argparse
import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from app.domain.geo import Point, distance_m
from scripts.extract_demo_places import clean_street

PLACES: Final = Path(__file__).resolve().parent.parent / "app" / "simulation" / "places"

#: Doors of one site; as many of each source where there are two.
DOORS_MAX: Final = 300
NEAREST_M: Final = 300
FARTHEST_M: Final = 9_656
STORES_WITHIN_M: Final = 450
#: Doors of one site are at least this far apart.
APART_M: Final = 70
#: Free speed of a residential street, km/h, in the map of Chandler.
RESIDENTIAL_KMH: Final = 40.0
DOOR_STREETS: Final = {
    "columbus": ("residential",),
    "felton": ("residential", "service", "tertiary", "unclassified", "secondary", "track"),
}
MALLS: Final = {
    "chandler": ("Chandler Fashion Center AZ", Point(33.3015, -111.899)),
    "fashion_show": ("Fashion Show Las Vegas NV", Point(36.1277, -115.1716)),
    "tysons": ("Tysons Corner Center VA", Point(38.9175, -77.2221)),
}
CENTRES: Final = {
    **{key: centre for key, (_, centre) in MALLS.items()},
    "columbus": Point(39.9733, -83.0077),
    "felton": Point(37.0513, -122.0733),
}

#: Site, `store` or `door`, name, and the point.
Row = tuple[str, str, str, Point]


def _chosen(key: str, rows: Iterable[tuple[str, Point]], count: int) -> list[Row]:
    """Return doors of a site: spread out, by hash of the place, sorted by point."""
    centre = CENTRES[key]
    chosen: list[tuple[str, Point]] = []
    unique = {(name, _rounded(point)) for name, point in rows}
    for name, point in sorted(unique, key=lambda each: _hash(each[1])):
        is_near = NEAREST_M <= distance_m(centre, point) <= FARTHEST_M
        if is_near and all(distance_m(point, other) >= APART_M for _, other in chosen):
            chosen.append((name, point))
        if len(chosen) == count:
            break
    ordered = sorted(chosen, key=lambda each: (each[1].lat_deg, each[1].lon_deg))
    return [(key, "door", name, point) for name, point in ordered]


def _rounded(point: Point) -> Point:
    return Point(round(point.lat_deg, 5), round(point.lon_deg, 5))


def _hash(point: Point) -> bytes:
    return hashlib.sha256(f"{point.lat_deg:.5f},{point.lon_deg:.5f}".encode()).digest()


def _mall_rows(table: list[dict[str, str]], key: str) -> Iterator[Row]:
    name, _centre = MALLS[key]
    nearest: dict[str, dict[str, str]] = {}
    for row in table:
        if row["mall"] == name and int(row["dist_m"]) <= STORES_WITHIN_M:
            known = nearest.get(row["brand"])
            if known is None or int(row["dist_m"]) < int(known["dist_m"]):
                nearest[row["brand"]] = row
    for brand in sorted(nearest):
        row = nearest[brand]
        yield key, "store", brand, _rounded(Point(float(row["lat"]), float(row["lon"])))
    doors = [
        (street, Point(float(row["lat"]), float(row["lon"])))
        for row in table
        if row["mall"] == name and _is_exact(row)
        for street in [clean_street(row["street"])]
        if street is not None
    ]
    count = DOORS_MAX // 2 if key == "chandler" else DOORS_MAX
    yield from _chosen(key, doors, count)


def _is_exact(row: dict[str, str]) -> bool:
    return min(len(row[each].partition(".")[2]) for each in ("lat", "lon")) >= 4


def _chandler_streets(file: Path) -> Iterator[tuple[str, Point]]:
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        if feature["properties"]["speed"] == RESIDENTIAL_KMH:
            way = feature["geometry"]["coordinates"]
            lon, lat = way[len(way) // 2]
            yield "", Point(lat, lon)


def _osm_streets(file: Path, kinds: tuple[str, ...]) -> Iterator[tuple[str, Point]]:
    # Needed for these two maps alone.
    import osmium  # noqa: PLC0415  # pyright: ignore[reportMissingImports]

    reader: Any = osmium.FileProcessor(str(file)).with_locations()
    for each in reader:
        if each.is_way() and each.tags.get("highway") in kinds:
            nodes = [node.location for node in each.nodes if node.location.valid()]
            for place in nodes[1:-1] or nodes[:1]:
                yield each.tags.get("name", ""), Point(place.lat, place.lon)


def main() -> None:
    """Write both files: one for each licence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the folder of tables and maps")
    source: Path = parser.parse_args().source
    with (source / "stores_within_10mi_of_3_malls.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    _write("stores.csv", [row for key in MALLS for row in _mall_rows(table, key)])
    chandler = _chandler_streets(source / "streets" / "chandler_az_links_osm.geojson")
    streets = _chosen("chandler", chandler, DOORS_MAX // 2)
    for key, kinds in DOOR_STREETS.items():
        file = next((source / "osm").glob(f"{key}*.osm.pbf"))
        streets += _chosen(key, _osm_streets(file, kinds), DOORS_MAX)
    _write("streets.csv", streets)


def _write(name: str, rows: list[Row]) -> None:
    with (PLACES / name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["site", "kind", "name", "lat", "lon"])
        for key, kind, label, point in rows:
            writer.writerow([key, kind, label, f"{point.lat_deg:.5f}", f"{point.lon_deg:.5f}"])
    print(f"{name}: {len(rows)} places")


if __name__ == "__main__":
    main()
