"""The tamper-evident log: canonical records, leaves, one chain per delivery, one tree over all.

Everything here is a hash of bytes that somebody else can hash again, so that a merchant, a phone or
a stand-alone script comes to the same numbers without believing the server.

Source: handoff protocol MP1, "Tamper-evident log"; RFC 6962 section 2.1 (tree); RFC 8785 (JCS).
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, TypeAlias, cast

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"

#: The head of a delivery's chain before its first event.
EMPTY_HEAD: Final = bytes(32)

#: Length of a commitment's salt. It is fixed: with salts of any length, a byte could move from the
#: salt to the value and one commitment would open to two values.
SALT_BYTES: Final = 16

#: JCS writes numbers as IEEE 754 doubles; beyond this an integer would lose digits.
MAX_SAFE_INTEGER: Final = 2**53 - 1

# Each kind of hash begins with its own byte, so that none can pass for another.
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
_HEAD: Final = b"\x02"
#: `json.dumps` would make an encoder for each text.
_plain_text: Final = json.JSONEncoder(ensure_ascii=False).encode


def leaf_hash(event: bytes) -> bytes:
    """Return the hash of one event's canonical bytes."""
    return sha256(_LEAF + event).digest()


def next_head(head: bytes, leaf: bytes) -> bytes:
    """Return the head of a delivery's chain after `leaf`; the first one follows `EMPTY_HEAD`."""
    return sha256(_HEAD + head + leaf).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the RFC 6962 root over leaf hashes in log order. Costs one hash per leaf."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(_NODE + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def commitment(salt: bytes, value: bytes) -> bytes:
    """Return a hash that binds us to `value`; erasing salt and value leaves it meaning nothing.

    Raises:
        ValueError: When the salt is not `SALT_BYTES` long.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return sha256(salt + value).digest()


def canonical(record: Json) -> bytes:
    """Return the JCS form of a record: sorted keys, no spaces, UTF-8.

    Raises:
        TypeError: On a float, on a key that is no string, and on any type that JSON does not have.
        ValueError: On an integer that a double cannot hold, and on half a surrogate pair.
    """
    return _canonical_text(record).encode()


def _canonical_text(value: object) -> str:
    match value:
        case None | bool() | str():
            return _plain_text(value)
        case int():
            return _integer_text(value)
        case list() | tuple():
            items = cast("Sequence[object]", value)
            return f"[{','.join(map(_canonical_text, items))}]"
        case Mapping():
            members = cast("Mapping[object, object]", value)
            return f"{{{','.join(_member_texts(members))}}}"
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a record")


def _integer_text(value: int) -> str:
    if abs(value) > MAX_SAFE_INTEGER:
        raise ValueError("an integer is too large for JSON's numbers")
    return str(value)


def _member_texts(members: Mapping[object, object]) -> list[str]:
    keys = [key for key in members if isinstance(key, str)]
    if len(keys) < len(members):
        raise TypeError("a key of a record is a string")
    # JCS sorts by UTF-16 units, which is not the order of code points beyond U+FFFF. Half a pair
    # passes here and is refused when the whole text is encoded.
    keys.sort(key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return [f"{_canonical_text(key)}:{_canonical_text(members[key])}" for key in keys]
