"""A merchant's receiver that answers by a script, on this machine."""

import contextlib
import socket
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived."""

    head: str
    headers: dict[str, str]
    body: bytes


Script = Callable[[Request, socket.socket], "bytes | None"]


@dataclass(slots=True)
class Receiver:
    """Listens; `script` says what to answer, None to hang up."""

    port: int
    script: Script = lambda _request, _connection: OK
    requests: list[Request] = field(default_factory=list[Request])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def echo(self) -> None:
        """Answer as an honest receiver does, challenges too."""
        self.script = lambda request, _connection: answer(200, body=request.body)


@contextlib.contextmanager
def listening() -> Generator[Receiver]:
    """Run a receiver until the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        receiver, over = Receiver(server.getsockname()[1]), threading.Event()
        thread = threading.Thread(target=_serve, args=(server, receiver, over), daemon=True)
        thread.start()
        yield receiver
        over.set()
        thread.join()


@contextlib.contextmanager
def echoing() -> Generator[Receiver]:
    """Run an honest receiver until the end."""
    with listening() as receiver:
        receiver.echo()
        yield receiver


def _serve(server: socket.socket, receiver: Receiver, over: threading.Event) -> None:
    while not over.is_set():
        try:
            connection, _address = server.accept()
        except TimeoutError:
            continue
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            request = _read(connection)
            receiver.requests.append(request)
            said = receiver.script(request, connection)
            if said is not None:
                connection.sendall(said)


def _read(connection: socket.socket) -> Request:
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(4_096)
        if not more:
            break
        received += more
    head, _blank, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, Any] = {}
    for line in lines[1:]:
        name, _colon, value = line.partition(":")
        headers[name.lower()] = value.strip()
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(4_096)
    return Request(lines[0], headers, body)
