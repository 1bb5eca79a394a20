"""Handing mails to the operator's mail server."""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from time import monotonic
from typing import TYPE_CHECKING, Final

from app.domain.mail import TIMEOUT_S, Mailbox, MailServer, is_address, message_id, one_line

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: RFC 3463's number in an answer: all that is kept of it, for the words may hold an address.
_ENHANCED: Final = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class NotSentError(Exception):
    """The mail did not go; the words say where it ended and hold nobody's address.

    Attributes:
        is_final: The server wants it neither now nor later.
    """

    def __init__(self, words: str, *, is_final: bool = False) -> None:
        super().__init__(words)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says, as text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Post:
    """Sends mails of this installation.

    Attributes:
        tls: How certificates are checked; None for the machine's own authorities.
        timeout_s: For all of a try.
    """

    server: MailServer
    sender: Mailbox
    tls: ssl.SSLContext | None = None
    timeout_s: float = TIMEOUT_S

    def written(
        self, words: Words, *, address: str, event: str, person_id: str, at: datetime
    ) -> EmailMessage:
        """Return a mail to one person; the same event gives the same mail, byte for byte.

        Raises:
            NotSentError: For an address to which no mail can go.
        """
        if not is_address(address):
            message = "no mail can go to the address"
            raise NotSentError(message, is_final=True)
        mail = EmailMessage()
        mail["From"] = Address(self.sender.name, addr_spec=self.sender.address)
        mail["To"] = Address(addr_spec=address)
        mail["Subject"] = one_line(words.subject)
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = message_id(event, person_id, self.sender.domain)
        # RFC 3834: no holiday notes in answer.
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(words.text)
        mail.add_alternative(words.html, subtype="html")
        # A boundary that is drawn anew would make another mail of it.
        mail.set_boundary(f"mallrun-{message_id(event, person_id, '')[1:33]}")
        return mail

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over. Returns as soon as the server has taken it.

        Raises:
            NotSentError: When it did not.
        """
        try:
            with self._connected(monotonic() + self.timeout_s) as client:
                client.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            ((code, said),) = refusal.recipients.values()
            raise _refused("address", code, said) from None
        except smtplib.SMTPDataError as refusal:
            raise _refused("mail", refusal.smtp_code, refusal.smtp_error) from None
        except smtplib.SMTPResponseException as refusal:
            # Sender, login or connection: the operator's to repair, and then it goes.
            raise _refused("us", refusal.smtp_code, refusal.smtp_error, can_end=False) from None
        except smtplib.SMTPNotSupportedError as refusal:
            message = f"the mail server lacks what is needed: {refusal}"
            raise NotSentError(message) from None
        except ssl.SSLError as error:
            message = f"no safe connection to the mail server: {error.reason or 'certificate'}"
            raise NotSentError(message) from None
        except smtplib.SMTPServerDisconnected as error:
            # The library's own words and the system's, such as "timed out".
            message = f"the mail server hung up: {error}"
            raise NotSentError(message) from None
        except (OSError, smtplib.SMTPException) as error:
            message = f"no connection to the mail server: {type(error).__name__}"
            raise NotSentError(message) from None

    @contextlib.contextmanager
    def _connected(self, deadline: float) -> Generator[smtplib.SMTP]:
        server = self.server
        tls = self.tls or ssl.create_default_context()
        at_once = tls if server.is_tls_at_once else None
        client = _Client(server.host, server.port, self.sender.domain, deadline, tls=at_once)
        try:
            if server.needs_tls and not server.is_tls_at_once:
                # Raises where the server offers none: a login never goes out in the clear.
                client.starttls(context=tls)
            if server.user:
                client.login(server.user, server.password)
            yield client
            # What comes of this is nobody's concern: the mail was taken.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.quit()
        finally:
            client.close()


class _Client(smtplib.SMTP):
    """A connection with one deadline for everything together, not one for each answer."""

    def __init__(
        self, host: str, port: int, own_name: str, deadline: float, *, tls: ssl.SSLContext | None
    ) -> None:
        self._deadline, self._tls_at_once = deadline, tls
        super().__init__(host, port, local_hostname=own_name)

    def _left(self) -> float:
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - The library's own hook.
        plain = socket.create_connection((host, port), self._left())
        if self._tls_at_once is None:
            return plain
        plain.settimeout(self._left())
        return self._tls_at_once.wrap_socket(plain, server_hostname=host)

    def send(self, s: "ReadableBuffer | str") -> None:
        if self.sock is not None:
            self.sock.settimeout(self._left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(self._left())
        return super().getreply()


def _refused(what: str, code: int, said: bytes | str, *, can_end: bool = True) -> NotSentError:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    number = _ENHANCED.search(text)
    words = f"the mail server refused the {what}: {code} {number[0] if number else ''}"
    return NotSentError(words.replace("the us", "us").strip(), is_final=can_end and code >= 500)
