"""A real mail server on this machine, that keeps what it is given or refuses it by a script."""

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from app.domain.mail import Mailbox, MailServer
from app.notify.post import Post

USER, PASSWORD = "mall", "a secret:with/signs@"
SENDER = Mailbox("Mallrun", "no-reply@mall.test")


@dataclass(slots=True)
class Inbox:
    """What arrived, and what the server says to the next mails.

    Attributes:
        refuses_address: Answer to an address, empty for yes.
        refuses_mail: Answer to a mail, empty for yes.
        was_encrypted: Of each mail.
        users: Who was signed in, of each mail; None for nobody.
    """

    host: str
    port: int = 0
    refuses_address: str = ""
    refuses_mail: str = ""
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    raw: list[bytes] = field(default_factory=list[bytes])
    was_encrypted: list[bool] = field(default_factory=list[bool])
    users: list[str | None] = field(default_factory=list["str | None"])

    def post(self, tls: ssl.SSLContext | None = None, **given: Any) -> Post:
        """Return what sends to this server."""
        chosen: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "is_tls_at_once": False,
            "user": "",
            "password": "",
        }
        return Post(MailServer(**chosen | given), SENDER, tls, timeout_s=5)

    def to(self, address: str) -> list[EmailMessage]:
        """Return what arrived for an address."""
        return [mail for mail in self.mails if mail["To"] == address]

    async def handle_RCPT(  # noqa: N802 - The server's own name.
        self,
        _server: Any,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if not self.refuses_address:
            envelope.rcpt_tos.append(address)
        return self.refuses_address or "250 OK"

    async def handle_DATA(self, _server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses_mail:
            return self.refuses_mail
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.was_encrypted.append(session.ssl is not None)
        self.users.append(session.auth_data.login.decode() if session.auth_data else None)
        return "250 OK"


@contextlib.contextmanager
def listening(
    host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, *, is_tls_at_once: bool = False
) -> Generator[Inbox]:
    """Run a mail server until the end; with `tls` it offers it, or begins with it."""
    inbox = Inbox(host)

    def knows(_server: Any, _session: Any, _envelope: Any, _how: str, said: Any) -> AuthResult:
        is_right = said == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=is_right, auth_data=said)

    controller = _OnAnyPort(
        inbox,
        hostname=host,
        port=0,
        ssl_context=tls if is_tls_at_once else None,
        tls_context=None if is_tls_at_once else tls,
        authenticator=knows,
        auth_require_tls=tls is not None and not is_tls_at_once,
    )
    controller.start()
    inbox.port = controller.port
    yield inbox
    controller.stop()


class _OnAnyPort(Controller):
    """A listener at a free port, whose number is known once it is there."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def talking(answers: list[bytes], pause_s: float = 0) -> Generator[int]:
    """Run a server that says one answer after another and hangs up; the value is its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_talk, args=(server, answers, pause_s), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def _talk(server: socket.socket, answers: list[bytes], pause_s: float) -> None:
    connection, _address = server.accept()
    with connection, contextlib.suppress(OSError):
        connection.settimeout(5)
        for number, said in enumerate(answers):
            if number:
                _hear(connection, b"\r\n.\r\n" if said == b"250 taken" else b"\r\n")
            time.sleep(pause_s)
            connection.sendall(said + b"\r\n")


def _hear(connection: socket.socket, end: bytes) -> None:
    heard = b""
    while not heard.endswith(end):
        more = connection.recv(4_096)
        if not more:
            raise ConnectionError
        heard += more
