"""The least that an answer can be: a Flask view that writes one JSON document.

The same server class as the product. Started by the benchmark: `python -m bench.peers.bare_answer`.
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402

from flask import Flask  # noqa: E402
from gevent.event import Event  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402


def make_app() -> Flask:
    """Return the view."""
    app = Flask("bare")

    @app.get("/answer")
    def answer() -> dict[str, object]:
        window = {"from": "2026-11-24T16:00:00Z", "until": "2026-11-24T18:00:00Z"}
        return {"today": True, "code": "today", "window": window, "text": "Order now, get it today"}

    return app


def main(listen: str) -> None:
    """Serve until ctrl-C."""
    host, _, port = listen.rpartition(":")
    server = WSGIServer((host, int(port)), make_app(), log=None)
    stop = Event()
    server.start()
    # As the product does: no answer waits for the confirmation of its head.
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    print("open", flush=True)
    stop.wait()
    server.stop(timeout=1)


if __name__ == "__main__":
    main(os.environ["MALL_LISTEN"])
