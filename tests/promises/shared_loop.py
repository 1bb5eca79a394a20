"""A server, a tablet that uploads and somebody who asks, all on one event loop: what came when.

`python -m tests.promises.shared_loop`, with a server's settings in the environment and
`{"path": …, "cookie": …, "body": …}` on standard input. Prints `{"order": [], "upload": …}`: each
statement that was taken and each answer that came meanwhile, and what the upload was answered.

Whoever asks in a process of their own is late when the machine is busy, and a test would tell how
busy it is. On one loop everybody has a turn in each round, however long a round takes.
"""

from gevent import monkey

# As in `wsgi.py`: before anything else is imported.
monkey.patch_all()

import contextlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from http.client import HTTPConnection  # noqa: E402
from typing import Any, Final  # noqa: E402

import gevent  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402
from sqlalchemy import event  # noqa: E402

from app import create_app  # noqa: E402
from app.config import Settings  # noqa: E402
from app.handoffs.models import StatementResult  # noqa: E402

STATEMENT: Final = "statement"
ANSWER: Final = "answer"


def ask(port: int, method: str, path: str, body: str = "", cookie: str = "") -> Any:
    """Send one request and return the JSON of its answer."""
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    with contextlib.closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        content = response.read()
    assert response.status == 200, content
    return json.loads(content)


def main() -> None:
    """Upload, and ask without a pause until the upload is over."""
    given = json.load(sys.stdin)
    order: list[str] = []
    event.listen(StatementResult, "after_insert", lambda *_: order.append(STATEMENT))
    server = WSGIServer(("127.0.0.1", 0), create_app(Settings.from_env(os.environ)), log=None)
    server.start()
    port = server.socket.getsockname()[1]
    upload = gevent.spawn(ask, port, "POST", given["path"], given["body"], given["cookie"])
    while not upload.ready():
        # It reads no row: on PostgreSQL that would be for another process to answer.
        ask(port, "GET", "/healthz")
        order.append(ANSWER)
    print(json.dumps({"order": order, "upload": upload.get()}))  # noqa: T201 - to the test.
    server.stop()


if __name__ == "__main__":
    main()
