"""Service workers: served from the audience's own path, so that their scope is that path."""

from flask import Response, send_from_directory

from app.web.assets import STATIC, worker_file


def worker_response(name: str, *, scope: str) -> Response:
    """Return a built service worker; the browser asks for it anew each time."""
    response = send_from_directory(STATIC / "dist", worker_file(name), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = scope
    return response
