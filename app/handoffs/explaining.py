"""What a code says and whether its signature holds, for a person who looks into a handoff.

Needs no database: who may sign is a file of public keys that the caller brings. Only the signature
is judged here, never the clock, the role or the delivery; those belong to the moment of the scan.
"""

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from app.domain.errors import DomainError
from app.domain.token_layout import (
    CustomerCode,
    Label,
    Presence,
    Release,
    ReleasedDelivery,
    Ticket,
    Token,
)
from app.domain.tokens import CONTEXT, Scanned, parse, short_code, verify_label
from app.keys import check_es256, is_public_key

#: `no_key_given`: there was no key file. `not_checkable`: a label, and no label key in the file.
Verdict: TypeAlias = Literal["valid", "invalid", "unknown_key", "no_key_given", "not_checkable"]

_NAMES: Final[dict[type[Token], tuple[str, str]]] = {
    Presence: ("P", "presence"),
    Release: ("R", "release"),
    Ticket: ("T", "ticket"),
    CustomerCode: ("C", "customer"),
    Label: ("L", "label"),
}
_TIMES: Final = frozenset({"iat", "exp"})
_KIDS: Final = frozenset({"kid", "driver_kid"})

_KID: Final = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,8})")
_LABEL_ENTRY: Final = "label"
_PUBLIC_KEY_IS: Final = "130 hex digits, an uncompressed P-256 point that begins with 04"


class KeyListError(ValueError):
    """The list of keys cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """Keys to check signatures with: public ones by key id, and perhaps the one of labels."""

    public: Mapping[int, bytes]
    label: bytes | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is printed about one text.

    Attributes:
        shown: JSON-able: the fields of the token, or the refusal of a text that is none.
        holds: Whether it is a token whose signature was checked and holds.
    """

    shown: dict[str, Any]
    holds: bool


def explain(text: str, known: KnownKeys | None) -> Explanation:
    """Read a scanned text and check its signature.

    Args:
        text: What the camera read.
        known: The keys to check with, or None when there are none.

    Returns:
        Keys of `shown`: `type` (letter), `name`, the token's own fields (key ids as `0x0000D001`,
        times in Unix seconds and again as `<name>_iso`, byte strings as hex), `short_code`,
        `body_length` (bytes before the signature), `signature_hex`, `signature` (`Verdict`). For a
        text that is no token: `code`, `title`, `detail`, `next_step`.
    """
    try:
        scanned = parse(text)
    except DomainError as error:
        problem = error.problem
        words = {"title": problem.title, "detail": problem.detail, "next_step": problem.next_step}
        return Explanation({"code": error.code, **words}, holds=False)
    letter, name = _NAMES[type(scanned.token)]
    verdict = _verdict(scanned, known)
    shown = {
        "type": letter,
        "name": name,
        **_fields(scanned.token),
        "short_code": short_code(text),
        "body_length": len(scanned.body),
        "signature_hex": scanned.signature.hex(),
        "signature": verdict,
    }
    return Explanation(shown, holds=verdict == "valid")


def _fields(token: Token) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in fields(token):
        value = getattr(token, field.name)
        shown[field.name] = _value(field.name, value)
        if field.name in _TIMES:
            moment = datetime.fromtimestamp(value, UTC)
            shown[f"{field.name}_iso"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return shown


def _value(name: str, value: int | str | bytes | Sequence[ReleasedDelivery]) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, int):
        return f"0x{value:08X}" if name in _KIDS else value
    if isinstance(value, str):
        return value
    return [{"handle": line.handle, "parcels": line.parcels} for line in value]


def _verdict(scanned: Scanned, known: KnownKeys | None) -> Verdict:
    token = scanned.token
    if isinstance(token, Label):
        return _label_verdict(scanned, known)
    if known is None:
        return "no_key_given"
    public_key = known.public.get(token.kid)
    if public_key is None:
        return "unknown_key"
    holds = check_es256(public_key, scanned.signature, CONTEXT + scanned.body)
    return "valid" if holds else "invalid"


def _label_verdict(scanned: Scanned, known: KnownKeys | None) -> Verdict:
    key = known.label if known is not None else None
    if key is None:
        return "not_checkable"
    try:
        verify_label(scanned, lambda message: hmac.digest(key, message, "sha256"))
    except DomainError:
        return "invalid"
    return "valid"


def read_keys(text: str) -> KnownKeys:
    """Read a JSON object of public keys by key id.

    Hex digits may be of either case, `0x` may be left out on both sides, spaces around are ignored.
    An entry `label` holds the key of the labels' MAC.

    Raises:
        KeyListError: When it is no such object, names a key twice, or a key is none.
    """
    try:
        pairs: object = json.loads(text, object_pairs_hook=_Pairs)
    except ValueError as error:
        reason = f"it is no JSON ({error})"
        raise KeyListError(reason) from None
    if not isinstance(pairs, _Pairs):
        reason = 'it must be one JSON object: {"0x0000D001": "04…", …}'
        raise KeyListError(reason)
    public: dict[int, bytes] = {}
    label: bytes | None = None
    for name, value in pairs.items:
        if name.strip().lower() == _LABEL_ENTRY:
            label = _label_key(value)
            continue
        kid = _kid(name)
        if kid in public:
            reason = f"it names the key 0x{kid:08X} twice"
            raise KeyListError(reason)
        public[kid] = _public_key(name, value)
    return KnownKeys(public, label)


class _Pairs:
    """A JSON object as it was written, so that a name said twice is seen."""

    def __init__(self, items: list[tuple[str, object]]) -> None:
        self.items = items


def _kid(name: str) -> int:
    found = _KID.fullmatch(name.strip())
    if found is None:
        reason = f'"{name}" is no key id: up to 8 hex digits, such as 0x0000D001'
        raise KeyListError(reason)
    return int(found[1], 16)


def _public_key(name: str, value: object) -> bytes:
    raw = _hex(name, value, _PUBLIC_KEY_IS)
    if not is_public_key(raw):
        reason = f'"{name}" is no public key: it must be {_PUBLIC_KEY_IS}'
        raise KeyListError(reason)
    return raw


def _label_key(value: object) -> bytes:
    raw = _hex(_LABEL_ENTRY, value, "the hex of the labels' key")
    if not raw:
        reason = '"label" is empty'
        raise KeyListError(reason)
    return raw


def _hex(name: str, value: object, wanted: str) -> bytes:
    if isinstance(value, str):
        digits = value.strip()
        try:
            return bytes.fromhex(digits[2:] if digits[:2] in {"0x", "0X"} else digits)
        except ValueError:
            pass
    reason = f'the value of "{name}" must be {wanted}'
    raise KeyListError(reason)
