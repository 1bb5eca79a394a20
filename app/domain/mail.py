"""What makes a mail: which server, from whom, to whom, and when it is the same mail again."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

#: Seconds before the next try; after the last one the mail is given up. Three days in all: a mail
#: server that is down over a weekend loses nothing.
RETRY_AFTER_S: Final = (60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400)
#: For one try from the first byte to the last: less than the lease of its job, so that no second
#: worker begins meanwhile.
TIMEOUT_S: Final = 40
_PORTS: Final = {"smtp": 587, "smtps": 465}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_DOMAIN: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
#: What every mail server takes without quoting; letters beyond ASCII need an extension that few
#: servers have.
_ADDRESS: Final = re.compile(
    rf"(?=.{{3,254}}$)[a-z0-9!#$%&'*+/=?^_`{{|}}~-]{{1,64}}"
    rf"(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]{{1,64}})*@{_DOMAIN}",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"(?P<name>[^<>\"\x00-\x1f]*)<(?P<address>[^<>]+)>")


@dataclass(frozen=True, slots=True)
class MailServer:
    """The operator's mail server.

    Attributes:
        host: Its name.
        port: Its port.
        is_tls_at_once: TLS from the first byte; else the connection changes to it.
        user: Empty where no login is needed.
        password: Kept out of what is printed.
    """

    host: str
    port: int
    is_tls_at_once: bool
    user: str
    password: str = field(repr=False)

    @property
    def needs_tls(self) -> bool:
        """Whether nothing may go there in the clear: everywhere but on this machine."""
        return self.is_tls_at_once or self.host not in _LOOPBACK


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whom mails come from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part behind the `@`."""
        return self.address.rpartition("@")[2].lower()


def mail_server(url: str) -> MailServer | None:
    """Return the server that `smtp://user:password@host:587` or `smtps://…` names, or None."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    is_plain = not parts.path.strip("/") and not parts.query and not parts.fragment
    if parts.scheme not in _PORTS or not parts.hostname or not is_plain:
        return None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    # A login of one half is a slip, and would be refused by the server much later.
    if bool(user) != bool(password) or not (user + password).isprintable():
        return None
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        is_tls_at_once=parts.scheme == "smtps",
        user=user,
        password=password,
    )


def mailbox(text: str) -> Mailbox | None:
    """Return the sender of `Mallrun <no-reply@mall.example>` or of a plain address, or None."""
    named = _NAMED.fullmatch(text.strip())
    name, address = (named["name"], named["address"]) if named else ("", text)
    address = address.strip()
    return Mailbox(name.strip(), address) if is_address(address) else None


def is_address(text: str) -> bool:
    """Tell whether a mail can go to an address: one only, nothing quoted, nothing hidden in it."""
    return _ADDRESS.fullmatch(text) is not None


def message_id(event: str, person_id: str, domain: str) -> str:
    """Return the id of the mail that tells a person of an event.

    The same for every try: where an answer was lost and the mail goes again, mailboxes know it.
    """
    digest = hashlib.sha256(f"{event}\n{person_id}".encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def one_line(text: str) -> str:
    """Return a text that fits a header: no line breaks, no control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
