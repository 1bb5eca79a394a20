"""Take the demo's real places out of a merged table of chain stores.

    PYTHONPATH=. python scripts/extract_demo_places.py stores.csv

The table has one row per store with the columns `mall, dist_m, brand, street, city, zip, lat, lon`:
the processed files of github.com/stiles/locations put together, with each store's distance to a
mall. Run again, the script gives the same files: it writes `addresses.csv` anew and puts the
table's points into `malls.json`, whose stores, floors and notes are edited by hand.
"""

import argparse
import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

from app.domain.geo import Point, distance_m

PLACES: Final = Path(__file__).resolve().parent.parent / "app" / "demo" / "places"

ADDRESSES_PER_MALL: Final = 40
NEAREST_M: Final = 800
#: Six miles.
FARTHEST_M: Final = 9_656
#: Addresses of one mall are at least this far apart, so that they spread over the suburb.
APART_M: Final = 350
#: Fewer decimals than this are a block, not an address.
DECIMALS: Final = 4

_SUFFIXES: Final = {
    "avenue": "Ave",
    "ave": "Ave",
    "boulevard": "Blvd",
    "blvd": "Blvd",
    "circle": "Cir",
    "court": "Ct",
    "ct": "Ct",
    "drive": "Dr",
    "dr": "Dr",
    "highway": "Hwy",
    "hwy": "Hwy",
    "lane": "Ln",
    "ln": "Ln",
    "parkway": "Pkwy",
    "pkwy": "Pkwy",
    "pike": "Pike",
    "place": "Pl",
    "pl": "Pl",
    "road": "Rd",
    "rd": "Rd",
    "street": "St",
    "st": "St",
    "turnpike": "Tpke",
    "way": "Way",
}
_DIRECTIONS: Final = {
    "north": "N",
    "n": "N",
    "south": "S",
    "s": "S",
    "east": "E",
    "e": "E",
    "west": "W",
    "w": "W",
}
#: What the sources write in capitals or run together.
_WORDS: Final = {"mcclintock": "McClintock", "mcqueen": "McQueen", "mclean": "McLean"}
_ZIP_STARTS: Final = {"chandler": "85", "fashion_show": "891", "tysons": "22"}
#: An airport and a closed site are no doors; the others are misspelt or lack a direction.
_NOT_A_DOOR: Final = (
    "wayne newton",
    "5757 paradise",
    "colonial farm",
    "chainbridge",
    "elliott",
    "leesburg pl ",
    "4968 ray",
    "3900 las vegas",
    "7430 las vegas",
)


def clean_street(raw: str) -> str | None:
    """Return "1830 E Warner Rd" for "1830 E. WARNER ROAD, Suite 4"; None for no plain street."""
    plain = re.split(r",|;|#|\(|\b(?:suite|ste|unit|bldg|space|spc)\b", raw, flags=re.IGNORECASE)[0]
    words = plain.replace(".", "").split()
    if len(words) < 3 or not words[0].isdigit():
        return None
    last = words[-1].lower()
    tail = [_DIRECTIONS[last]] if last in _DIRECTIONS else []
    middle = words[1:-1] if tail else words[1:]
    is_lettered = any(len(word) == 1 and word.lower() not in _DIRECTIONS for word in middle)
    if middle[-1].lower() not in _SUFFIXES or is_lettered:
        return None
    street = [
        words[0],
        *(_word(word) for word in middle[:-1]),
        _SUFFIXES[middle[-1].lower()],
        *tail,
    ]
    return " ".join(street)


def _word(word: str) -> str:
    key = word.lower()
    if key in _DIRECTIONS:
        return _DIRECTIONS[key]
    if key == "saint":
        return "St"
    return _WORDS.get(key, word.capitalize())


def addresses(rows: list[dict[str, str]], mall: dict[str, Any]) -> list[list[str]]:
    """Return a mall's addresses as rows of the file: spread out, by hash, sorted by street."""
    centre = Point(*mall["centre"])
    found: dict[str, tuple[Point, list[str]]] = {}
    for row in rows:
        street = clean_street(row["street"])
        is_exact = min(len(row[each].partition(".")[2]) for each in ("lat", "lon")) >= DECIMALS
        if row["mall"] != mall["source"] or street is None or not is_exact:
            continue
        point = Point(round(float(row["lat"]), 5), round(float(row["lon"]), 5))
        is_near = NEAREST_M <= distance_m(centre, point) <= FARTHEST_M
        is_door = all(each not in f"{street.lower()} " for each in _NOT_A_DOOR)
        if is_near and is_door and row["zip"].startswith(_ZIP_STARTS[mall["key"]]):
            city = " ".join(
                _WORDS.get(word.lower(), word.capitalize()) for word in row["city"].split()
            )
            fields = [mall["key"], street, city, row["zip"][:5]]
            found[street] = (point, [*fields, f"{point.lat_deg:.5f}", f"{point.lon_deg:.5f}"])
    chosen: list[tuple[Point, list[str]]] = []
    for street in sorted(found, key=lambda each: hashlib.sha256(each.encode()).digest()):
        point, fields = found[street]
        if all(distance_m(point, other) >= APART_M for other, _ in chosen):
            chosen.append((point, fields))
    return sorted(
        (fields for _, fields in chosen[:ADDRESSES_PER_MALL]),
        key=lambda each: each[1].split(" ", 1)[1],
    )


def place_stores(rows: list[dict[str, str]], mall: dict[str, Any]) -> None:
    """Put the point of the brand's nearest row into each store of a mall."""
    for store in mall["stores"]:
        candidates = [
            row for row in rows if (row["mall"], row["brand"]) == (mall["source"], store["source"])
        ]
        nearest = min(candidates, key=lambda row: int(row["dist_m"]))
        store["point"] = [round(float(nearest["lat"]), 6), round(float(nearest["lon"]), 6)]


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the merged table of stores, CSV")
    source: Path = parser.parse_args().source
    with source.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    file = PLACES / "malls.json"
    malls = json.loads(file.read_text(encoding="utf-8"))
    with (PLACES / "addresses.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["mall", "street", "city", "postal_code", "lat", "lon"])
        for mall in malls["malls"]:
            place_stores(rows, mall)
            chosen = addresses(rows, mall)
            writer.writerows(chosen)
            print(f"{mall['name']}: {len(mall['stores'])} stores, {len(chosen)} addresses")
    file.write_text(json.dumps(malls, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
