"""Which addresses a webhook may go to: the public internet, and nothing that hides behind it.

`ipaddress.is_global` alone is not enough: it lets through addresses that carry another one inside
(NAT64, 6to4, IPv4-compatible), the old site-local block, and multicast.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

URL_MAX: Final = 500
PORTS: Final = frozenset({443, 8443})
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}

_NEVER: Final = tuple(
    ip_network(each)
    for each in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "::ffff:0:0/96",
        "fec0::/10",
        "100::/64",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "100.64.0.0/10",
    )
)
#: Letters, digits and hyphens between dots, the last label not a number: `0x7f.1` is no name.
_NAME: Final = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
)
_PATH: Final = re.compile(r"[!-~]*")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes: a name or an address, a port, and what stands behind it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == _DEFAULT_PORTS[self.scheme]
        return host if is_usual else f"{host}:{self.port}"


def may_reach(address: str, *, allows_loopback: bool) -> bool:
    """Tell whether a webhook may connect to an address.

    Args:
        address: As the resolver gave it.
        allows_loopback: This machine's own services too, for development.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if allows_loopback and found.is_loopback:
        return True
    return _is_public(found)


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return not any(found.version == each.version and found in each for each in _NEVER)


def target_of(url: str, *, allows_loopback: bool) -> Target | None:
    """Return where a URL leads; None for one that no webhook may have.

    Only https on 443 or 8443, no credentials, no fragment, no numbers that only look like a name.

    Args:
        url: As the merchant typed it.
        allows_loopback: Also plain http and any port, on this machine only.
    """
    if len(url) > URL_MAX or not _PATH.fullmatch(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").removesuffix(".")
    is_local = allows_loopback and _is_loopback(host)
    is_odd = "@" in parts.netloc or bool(parts.fragment) or parts.scheme not in _DEFAULT_PORTS
    if is_odd or not _is_host(host, allows_loopback=allows_loopback):
        return None
    port = port if port is not None else _DEFAULT_PORTS[parts.scheme]
    if not is_local and (parts.scheme != "https" or port not in PORTS):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _is_host(host: str, *, allows_loopback: bool) -> bool:
    try:
        ip_address(host)
    except ValueError:
        is_localhost = host == "localhost" or host.endswith(".localhost")
        return _NAME.fullmatch(host) is not None and (allows_loopback or not is_localhost)
    return may_reach(host, allows_loopback=allows_loopback)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
