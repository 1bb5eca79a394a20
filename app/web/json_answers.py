"""JSON in answers, by the writer that reads bodies already: a third of the time of Python's own.

Members stand in the order in which they were put, and letters as they are (UTF-8).
"""

from typing import Any

from flask import Response
from flask.json.provider import DefaultJSONProvider
from pydantic_core import to_json


class FastJson(DefaultJSONProvider):
    """How Flask writes JSON."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:  # noqa: ANN401 - Flask's signature.
        """Return JSON; what asks for a form of its own, such as an indent, gets Python's."""
        return super().dumps(obj, **kwargs) if kwargs else to_json(obj).decode()

    def response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - as above.
        """Return an answer, for `jsonify`."""
        return Response(
            to_json(self._prepare_response_obj(args, kwargs)), mimetype="application/json"
        )
