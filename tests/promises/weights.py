"""What a page weighs when it comes over the wire, compressed as the server sends it."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
_IMPORTS = re.compile(r'(?:from|import)"/static/dist/([^"]+)"')
_SHEETS = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
#: Leaflet signs its code; the map is fetched after the words are there.
_MAP_MARK = "leafletjs.com"
#: The live connection's library asks for its address with this; every page loads it once it is up.
_SOCKET_MARK = "/socket.io"


def manifest() -> dict[str, Any]:
    """Return what the build made: `{logical name: {file, imports, precache}}`."""
    return json.loads((DIST / "manifest.json").read_text())


def is_map(script: str) -> bool:
    """Tell whether a script is the map's library."""
    return _MAP_MARK in script


def sent(client: FlaskClient, path: str, cookie: str = "", encoding: str = "gzip") -> bytes:
    """Return the body of a page as it is sent to a browser that takes gzip."""
    headers = {"Accept-Encoding": encoding, "Accept": "text/html"}
    if cookie:
        headers["Cookie"] = cookie
    # Closing matters: a file that is sent stays open until then.
    with client.get(path, headers=headers) as response:
        assert response.status_code == 200, f"{path} answered {response.status_code}"
        return response.get_data()


def first_paint(client: FlaskClient, path: str, cookie: str = "") -> int:
    """Return the bytes of a page and of its style sheets."""
    html = sent(client, path, cookie, encoding="identity").decode()
    page = len(sent(client, path, cookie))
    return page + sum(len(sent(client, sheet)) for sheet in _SHEETS.findall(html))


def scripts_to_start(client: FlaskClient, name: str, screen: str = "") -> int:
    """Return the bytes of a script, of all that it imports at once, and of its live connection.

    Args:
        client: Asks for the files.
        name: The script, such as `driver.js`.
        screen: Words of the first screen, when that is loaded by itself.
    """
    entry = manifest()[name]
    at_once = {entry["file"], *entry.get("imports", [])}
    at_once |= _with(name, _SOCKET_MARK)
    if screen:
        at_once |= _with(name, screen)
    return _total(client, at_once)


def _with(name: str, mark: str) -> set[str]:
    """Return the one script of an app that holds a text, and all that comes with it at once."""
    scripts = {file for file in manifest()[name]["precache"] if file.endswith(".js")}
    (first,) = [file for file in scripts if mark in (DIST / file).read_text()]
    found, new = {first}, {first}
    assert _IMPORTS.search((DIST / first).read_text()), "the build writes imports in another way"
    while new:
        imported = {each for file in new for each in _IMPORTS.findall((DIST / file).read_text())}
        new = (imported & scripts) - found
        found |= new
    return found


def scripts_without_map(client: FlaskClient, name: str) -> int:
    """Return the bytes of every script that a page can load, the map's library left out."""
    files = [file for file in manifest()[name]["precache"] if file.endswith(".js")]
    return _total(client, [file for file in files if not is_map((DIST / file).read_text())])


def _total(client: FlaskClient, files: Iterable[str]) -> int:
    return sum(len(sent(client, f"/static/dist/{file}")) for file in files)
