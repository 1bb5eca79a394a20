"""What the MP1 tokens hold and where each byte of it stands.

`tokens` reads, writes and verifies codes with this. A body is a header of 25 bytes (type, key id,
time, anchor, nonce) and the fields of its kind, big-endian; a label has no header.
Source: handoff protocol MP1, "Tokens".
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias, TypedDict

#: A larger handover shows several codes in turn.
MAX_DELIVERIES: Final = 20
SIGNATURE_BYTES: Final = 64
LABEL_MAC_BYTES: Final = 12

_HANDLE_BYTES: Final = 8
_HEADER: Final = struct.Struct(">BII8s8s")
_PRESENCE: Final = struct.Struct(">I4s")
_RELEASE: Final = struct.Struct(">IIB")
_RELEASED: Final = struct.Struct(">8sB")
_TICKET: Final = struct.Struct(">8sIIHIB")
_CUSTOMER: Final = struct.Struct(">8sIB")
_LABEL: Final = struct.Struct(">B8sBB")


class Kind(IntEnum):
    """The first byte of every token."""

    PRESENCE = 0x11
    RELEASE = 0x12
    TICKET = 0x13
    CUSTOMER = 0x14
    LABEL = 0x15


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What every signed token begins with."""

    kid: int
    iat: int  # Unix seconds, corrected by the server's time.
    anchor: bytes  # 8 bytes.
    nonce: bytes  # 8 bytes.


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence(Header):
    """`P`: the driver's phone is at this store."""

    store: int
    ticket_set: bytes  # 4 bytes; see `tokens.ticket_set_of`.


@dataclass(frozen=True, slots=True)
class ReleasedDelivery:
    """One line of a release."""

    handle: str  # 16 hex digits, lower case, as everywhere in this module.
    parcels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Header):
    """`R`: the desk gives these parcels to this driver.

    Raises:
        ValueError: Unless it names 1 to `MAX_DELIVERIES` deliveries, each once.
    """

    clerk: int
    driver_kid: int
    deliveries: tuple[ReleasedDelivery, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.deliveries) <= MAX_DELIVERIES:
            raise ValueError(f"a release names 1 to {MAX_DELIVERIES} deliveries")
        if len({line.handle for line in self.deliveries}) < len(self.deliveries):
            raise ValueError("a release names a delivery twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Header):
    """`T`: the server says that this driver is to collect this delivery."""

    handle: str
    driver_kid: int
    store: int
    epoch: int
    exp: int  # Unix seconds.
    parcels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCode(Header):
    """`C`: the server says that whoever shows this may receive the delivery."""

    handle: str
    exp: int  # Unix seconds.
    flags: int


@dataclass(frozen=True, slots=True)
class Label:
    """`L`: parcel `n` of `of`, printed; it has no header."""

    handle: str
    n: int
    of: int


Token: TypeAlias = Presence | Release | Ticket | CustomerCode | Label


def exactly(size: int, raw: bytes) -> bytes:
    """Return `raw` if it has `size` bytes, else raise ValueError; struct cuts in silence."""
    if len(raw) != size:
        raise ValueError(f"{len(raw)} bytes where {size} belong")
    return raw


def handle_bytes(handle: str) -> bytes:
    """Return the eight bytes of a handle.

    Raises:
        ValueError: Unless it is 16 lower-case hex digits.
    """
    raw = exactly(_HANDLE_BYTES, bytes.fromhex(handle))
    if raw.hex() != handle:
        raise ValueError("a handle is 16 lower-case hex digits")
    return raw


def write_body(token: Token) -> bytes:
    """Return the bytes that come before the signature.

    Raises:
        ValueError: On a handle, anchor, nonce or ticket set of another length.
        struct.error: On a number that does not fit its field.
    """
    match token:
        case Presence():
            rest = _PRESENCE.pack(token.store, exactly(4, token.ticket_set))
            return _header_bytes(Kind.PRESENCE, token) + rest
        case Release():
            rest = _RELEASE.pack(token.clerk, token.driver_kid, len(token.deliveries))
            lines = (_RELEASED.pack(handle_bytes(d.handle), d.parcels) for d in token.deliveries)
            return _header_bytes(Kind.RELEASE, token) + rest + b"".join(lines)
        case Ticket():
            handle, times = handle_bytes(token.handle), (token.epoch, token.exp, token.parcels)
            rest = _TICKET.pack(handle, token.driver_kid, token.store, *times)
            return _header_bytes(Kind.TICKET, token) + rest
        case CustomerCode():
            rest = _CUSTOMER.pack(handle_bytes(token.handle), token.exp, token.flags)
            return _header_bytes(Kind.CUSTOMER, token) + rest
        case _:
            return _LABEL.pack(Kind.LABEL, handle_bytes(token.handle), token.n, token.of)


def _header_bytes(kind: Kind, token: Header) -> bytes:
    anchor, nonce = exactly(8, token.anchor), exactly(8, token.nonce)
    return _HEADER.pack(kind, token.kid, token.iat, anchor, nonce)


def read_token(raw: bytes) -> tuple[Token, int]:
    """Return the token that `raw` holds and the length of its body; the rest is its signature.

    Raises:
        ValueError: On an unknown type, a length that is not exactly that of the type, or a release
            of no, too many or repeated deliveries.
    """
    kind = Kind(raw[0] if raw else 0)
    body_size = _body_size(kind, raw)
    exactly(body_size + (LABEL_MAC_BYTES if kind is Kind.LABEL else SIGNATURE_BYTES), raw)
    if kind is Kind.LABEL:
        _, handle, n, of = _LABEL.unpack_from(raw)
        return Label(handle.hex(), n, of), body_size
    return _READERS[kind](raw), body_size


def _body_size(kind: Kind, raw: bytes) -> int:
    if kind is not Kind.RELEASE:
        return _FIXED_BODY[kind]
    # The count stands last in the fixed part; without it the text was cut short.
    fixed = _HEADER.size + _RELEASE.size
    if len(raw) < fixed:
        raise ValueError("a release without its count")
    return fixed + raw[fixed - 1] * _RELEASED.size


class _HeaderFields(TypedDict):
    kid: int
    iat: int
    anchor: bytes
    nonce: bytes


def _header_of(raw: bytes) -> _HeaderFields:
    _, kid, iat, anchor, nonce = _HEADER.unpack_from(raw)
    return {"kid": kid, "iat": iat, "anchor": anchor, "nonce": nonce}


def _read_presence(raw: bytes) -> Presence:
    store, ticket_set = _PRESENCE.unpack_from(raw, _HEADER.size)
    return Presence(**_header_of(raw), store=store, ticket_set=ticket_set)


def _read_release(raw: bytes) -> Release:
    clerk, driver_kid, n = _RELEASE.unpack_from(raw, _HEADER.size)
    start = _HEADER.size + _RELEASE.size
    lines = _RELEASED.iter_unpack(raw[start : start + n * _RELEASED.size])
    deliveries = tuple(ReleasedDelivery(handle.hex(), parcels) for handle, parcels in lines)
    return Release(**_header_of(raw), clerk=clerk, driver_kid=driver_kid, deliveries=deliveries)


def _read_ticket(raw: bytes) -> Ticket:
    handle, driver_kid, store, epoch, exp, parcels = _TICKET.unpack_from(raw, _HEADER.size)
    return Ticket(
        **_header_of(raw),
        handle=handle.hex(),
        driver_kid=driver_kid,
        store=store,
        epoch=epoch,
        exp=exp,
        parcels=parcels,
    )


def _read_customer_code(raw: bytes) -> CustomerCode:
    handle, exp, flags = _CUSTOMER.unpack_from(raw, _HEADER.size)
    return CustomerCode(**_header_of(raw), handle=handle.hex(), exp=exp, flags=flags)


_FIXED_BODY: Final = {
    Kind.PRESENCE: _HEADER.size + _PRESENCE.size,
    Kind.TICKET: _HEADER.size + _TICKET.size,
    Kind.CUSTOMER: _HEADER.size + _CUSTOMER.size,
    Kind.LABEL: _LABEL.size,
}

_READERS: Final[dict[Kind, Callable[[bytes], Token]]] = {
    Kind.PRESENCE: _read_presence,
    Kind.RELEASE: _read_release,
    Kind.TICKET: _read_ticket,
    Kind.CUSTOMER: _read_customer_code,
}
