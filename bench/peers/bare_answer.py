"""The least that an answer can be: a Flask view that writes one JSON document.

The same server class as the product. Started by the benchmark: `python -m bench.peers.bare_answer`.
"""

from gevent import monkey

monkey.patch_all()


from flask import Flask  # noqa: E402

from bench.peers.bare_server import serve  # noqa: E402


def make_app() -> Flask:
    """Return the view."""
    app = Flask("bare")

    @app.get("/answer")
    def answer() -> dict[str, object]:
        window = {"from": "2026-11-24T16:00:00Z", "until": "2026-11-24T18:00:00Z"}
        return {"today": True, "code": "today", "window": window, "text": "Order now, get it today"}

    return app


if __name__ == "__main__":
    serve(make_app())
