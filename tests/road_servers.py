"""Road engines on a free port that answer as OSRM and Valhalla document it, or as a test wants."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

#: Path and body of a question; status and body of the answer.
Answering = Callable[[str, bytes], tuple[int, bytes]]


@contextmanager
def server(answer: Answering) -> Generator[tuple[str, list[str]]]:
    """Serve an engine on a free port; yield its address and the paths it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, out = answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

        do_POST = do_GET  # noqa: N815 - The name is the server's.

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}", asked
        finally:
            httpd.shutdown()
            thread.join()


def osrm_answer(path: str, _body: bytes) -> tuple[int, bytes]:
    """Answer as OSRM's table service does: a hundred seconds for each step between numbers."""
    query = parse_qs(urlsplit(path).query)
    sources, targets = (
        [int(each) for each in query[name][0].split(";")] for name in ("sources", "destinations")
    )
    count = len(urlsplit(path).path.rsplit("/", 1)[1].split(";"))
    assert count == len(sources) + len(targets)
    durations = [[100.4 * (1 + target) for target in targets] for _ in sources]
    distances = [[1000.6 for _ in targets] for _ in sources]
    return 200, json.dumps(
        {"code": "Ok", "durations": durations, "distances": distances, "sources": []}
    ).encode()


def valhalla_answer(path: str, body: bytes) -> tuple[int, bytes]:
    """Answer as Valhalla's matrix does: one cell without a road."""
    assert path == "/sources_to_targets"
    question = json.loads(body)
    rows = [
        [
            {"distance": 2.5, "time": 240, "from_index": row, "to_index": column}
            if column
            else {"distance": None, "time": None, "from_index": row, "to_index": column}
            for column in range(len(question["targets"]))
        ]
        for row in range(len(question["sources"]))
    ]
    return 200, json.dumps({"sources_to_targets": rows, "units": "kilometers"}).encode()
