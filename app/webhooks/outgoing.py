"""Sending one request to an address that strangers have chosen.

The name is resolved once, every address is checked, the connection goes to a checked address, and
where it really leads is checked again. Nothing is followed; an answer is cut off; everything
together has one deadline. Only the status and a little text of an answer are ever used.
"""

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from app.domain.reachable import Target, may_reach, target_of
from app.domain.webhooks import ANSWER_MAX_BYTES, TIMEOUT_S

_HEAD_MAX_BYTES: Final = 16_384
_INTERIM_MAX: Final = 3
_READ_BYTES: Final = 4_096

#: Addresses of a name and a port. Tests hand in one that lies.
Resolver = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request.

    Attributes:
        status: Of the answer, or None when there was none.
        text: The first kilobyte of its body.
        error: Why there was none: `refused_address`, `timeout`, `no_connection`, `no_certificate`,
            `no_answer`; empty otherwise.
    """

    status: int | None
    text: str
    error: str
    duration_ms: int


class _GivenUpError(Exception):
    """There is no answer; the argument is why."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends requests under one policy.

    Attributes:
        allows_loopback: This machine's own services too, and plain http there.
        resolver: Gives the addresses of a name.
        timeout_s: For all of a request.
        tls: How certificates are checked; None for the machine's own authorities.
    """

    allows_loopback: bool = False
    resolver: Resolver = resolve
    timeout_s: float = TIMEOUT_S
    tls: ssl.SSLContext | None = None

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a request and return what came of it; never raises for what the other side does."""
        began = monotonic()
        status, text, error = None, b"", ""
        try:
            status, text = self._exchange(url, headers, body, began + self.timeout_s)
        except _GivenUpError as given_up:
            error = str(given_up)
        except TimeoutError:
            error = "timeout"
        except ssl.SSLError:
            error = "no_certificate"
        except (OSError, UnicodeError):
            error = "no_connection"
        shown = (
            text[:ANSWER_MAX_BYTES]
            .decode("utf-8", "replace")
            .replace("\0", "\N{REPLACEMENT CHARACTER}")
        )
        return Answer(status, shown, error, round((monotonic() - began) * 1_000))

    def _exchange(
        self, url: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> tuple[int, bytes]:
        target = target_of(url, allows_loopback=self.allows_loopback)
        if target is None:
            raise _GivenUpError("refused_address")
        with self._connect(target, deadline) as connection:
            lines = [f"POST {target.path} HTTP/1.1", f"Host: {target.authority}"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
            connection.settimeout(_left(deadline))
            connection.sendall("\r\n".join(lines).encode("ascii") + body)
            return _read_answer(connection, deadline)

    def _connect(self, target: Target, deadline: float) -> socket.socket:
        addresses = self.resolver(target.host, target.port)
        if not addresses or not all(self._may_reach(each) for each in addresses):
            raise _GivenUpError("refused_address")
        connection = socket.create_connection((addresses[0], target.port), _left(deadline))
        try:
            return self._secured(connection, target, deadline)
        except BaseException:
            connection.close()
            raise

    def _secured(self, connection: socket.socket, target: Target, deadline: float) -> socket.socket:
        if not self._may_reach(str(connection.getpeername()[0])):
            raise _GivenUpError("refused_address")
        if target.scheme != "https":
            return connection
        context = self.tls or ssl.create_default_context()
        connection.settimeout(_left(deadline))
        return context.wrap_socket(connection, server_hostname=target.host)

    def _may_reach(self, address: str) -> bool:
        return may_reach(address, allows_loopback=self.allows_loopback)


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read_answer(connection: socket.socket, deadline: float) -> tuple[int, bytes]:
    """Read the status and the first kilobyte of the body; the rest is left unread."""
    received = b""
    for _ in range(_INTERIM_MAX):
        head, received = _read_head(connection, received, deadline)
        status = _status_of(head)
        if status >= 200:
            return status, _read_body(connection, received, deadline)
    raise _GivenUpError("no_answer")


def _read_head(connection: socket.socket, received: bytes, deadline: float) -> tuple[bytes, bytes]:
    """Return the head of an answer and what has come after it."""
    while b"\r\n\r\n" not in received:
        more = _receive(connection, deadline) if len(received) <= _HEAD_MAX_BYTES else b""
        if not more:
            raise _GivenUpError("no_answer")
        received += more
    head, _blank, rest = received.partition(b"\r\n\r\n")
    return head, rest


def _read_body(connection: socket.socket, received: bytes, deadline: float) -> bytes:
    while len(received) < ANSWER_MAX_BYTES:
        try:
            more = _receive(connection, deadline)
        except OSError:
            # The status has arrived, and that is all that counts.
            break
        if not more:
            break
        received += more
    return received


def _receive(connection: socket.socket, deadline: float) -> bytes:
    connection.settimeout(_left(deadline))
    return connection.recv(_READ_BYTES)


def _status_of(head: bytes) -> int:
    parts = head.split(b"\r\n", 1)[0].split(b" ", 2)
    is_http = parts[0].startswith(b"HTTP/1.") and len(parts) > 1
    if not is_http or len(parts[1]) != 3 or not parts[1].isdigit():
        raise _GivenUpError("no_answer")
    return int(parts[1])
