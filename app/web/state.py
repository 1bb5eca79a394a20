"""State documents: small snapshots with an ETag, the one way a screen catches up."""

import hashlib
from typing import Any

from flask import Response, request
from pydantic_core import to_json

#: Differs at each reading without being news.
_NOT_NEWS = frozenset({"server_time", "socket", "rev", "device"})


def with_rev(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state with its revision: a hash of what it says."""
    news = {key: value for key, value in state.items() if key not in _NOT_NEWS}
    return {"rev": hashlib.sha256(to_json(news)).hexdigest()[:16], **state}


def state_response(state: dict[str, Any]) -> Response:
    """Answer a GET of a state, with 304 when the reader has this revision already."""
    response = Response(mimetype="application/json")
    response.set_etag(state["rev"], weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(state["rev"]):
        response.status_code = 304
        return response
    response.set_data(to_json(state))
    return response
