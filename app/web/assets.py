"""Built files: hashed names from the manifest, immutable caching, and the compressed twin."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request, send_from_directory

STATIC: Final = Path(__file__).resolve().parents[2] / "static"
_FOREVER: Final = "public, max-age=31536000, immutable"
_AN_HOUR: Final = "public, max-age=3600"


def register_assets(app: Flask) -> None:
    """Serve `static/` and give templates `asset(name)`."""
    app.add_url_rule("/static/<path:filename>", "static", _static)
    app.add_template_global(asset, "asset")
    app.add_template_global(asset_imports, "asset_imports")


def asset(name: str) -> str:
    """Return the address of a built file by its plain name, for example `driver.js`.

    Raises:
        KeyError: When the build did not make it.
    """
    return f"/static/dist/{_manifest()[name]['file']}"


def asset_imports(name: str) -> list[str]:
    """Return the addresses of what a script imports at once, so that the page can preload them."""
    return [f"/static/dist/{file}" for file in _manifest()[name].get("imports", [])]


def worker_file(name: str) -> str:
    """Return a service worker's file name below `static/dist`."""
    return str(_manifest()[name]["file"])


@cache
def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((STATIC / "dist" / "manifest.json").read_text())
    return manifest


def built_response(name: str, *, caching: str) -> Response:
    """Return a built file by its plain name, for addresses that never change."""
    return _sent(f"dist/{worker_file(name)}", caching)


def _static(filename: str) -> Response:
    return _sent(filename, _FOREVER if filename.startswith("dist/") else _AN_HOUR)


def _sent(filename: str, caching: str) -> Response:
    compressed = f"{filename}.gz"
    takes_gzip = "gzip" in request.accept_encodings and (STATIC / compressed).is_file()
    response = send_from_directory(STATIC, compressed if takes_gzip else filename)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
        response.mimetype = _mimetype(filename)
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = caching
    return response


def _mimetype(filename: str) -> str:
    types = {
        ".js": "text/javascript",
        ".css": "text/css",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".svg": "image/svg+xml",
        ".webmanifest": "application/manifest+json",
    }
    return types.get(Path(filename).suffix, "application/octet-stream")
