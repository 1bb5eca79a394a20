"""A small closed-loop HTTP client: a few keep-alive connections, each with one request under way.

Requests are bytes made beforehand, so that the client costs little of the cores it shares with the
server.
"""

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

ANSWER_WITHIN_S = 30


@dataclass(slots=True)
class Outcome:
    """What a burst of requests came to.

    Attributes:
        seconds: From the first byte sent to the last answer.
        statuses: Status of each answer, in order of arrival.
        waits_ms: Wait for each answer, in order of arrival.
    """

    seconds: float = 0.0
    statuses: list[int] = field(default_factory=list[int])
    waits_ms: list[float] = field(default_factory=list[float])

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.statuses) / self.seconds


def post(path: str, body: bytes, cookie: str = "", headers: Sequence[str] = ()) -> bytes:
    """Return the bytes of a POST with a JSON body."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *([f"Cookie: {cookie}"] if cookie else []),
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(path: str, cookie: str = "", headers: Sequence[str] = ()) -> bytes:
    """Return the bytes of a GET."""
    shown = [f"Cookie: {cookie}"] if cookie else []
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *shown, *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


class _Line:
    """One connection and the answer that is coming in on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), ANSWER_WITHIN_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._sent_at = 0.0

    def send(self, request: bytes) -> None:
        self._received = b""
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> tuple[int, float] | None:
        """Return status and milliseconds once the answer is whole."""
        part = self.socket.recv(262_144)
        if not part:
            message = "the server hung up"
            raise ConnectionError(message)
        self._received += part
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return None
        return int(head[9:12]), (time.perf_counter() - self._sent_at) * 1000


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def burst(port: int, requests: Sequence[bytes], *, connections: int) -> Outcome:
    """Send all requests over so many connections, each waiting for its answer before the next.

    Raises:
        ConnectionError: When the server hangs up.
        TimeoutError: When no answer comes for half a minute.
    """
    outcome = Outcome()
    waiting = iter(requests)
    with selectors.DefaultSelector() as selector:
        lines = [_Line(port) for _ in range(min(connections, len(requests)))]
        started = time.perf_counter()
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(next(waiting))
        open_lines = len(lines)
        while open_lines:
            ready = selector.select(ANSWER_WITHIN_S)
            if not ready:
                message = "no answer came"
                raise TimeoutError(message)
            for key, _ in ready:
                line: _Line = key.data
                answer = line.receive()
                if answer is None:
                    continue
                outcome.statuses.append(answer[0])
                outcome.waits_ms.append(answer[1])
                following = next(waiting, None)
                if following is not None:
                    line.send(following)
                else:
                    selector.unregister(line.socket)
                    line.socket.close()
                    open_lines -= 1
        outcome.seconds = time.perf_counter() - started
    return outcome
