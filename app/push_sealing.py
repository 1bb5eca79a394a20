"""Messages to one browser through a service that may not read them, signed by this installation.

Sealed as in RFC 8291 with the one record of RFC 8188, signed as in RFC 8292.
"""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.push import origin_of
from app.keys import Keys, derive_private_key, new_private_key, public_bytes, sign_es256

AUTH_BYTES: Final = 16
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_POINT_BYTES: Final = 65
#: All messages look alike to the service; words and the rest fit in.
_PADDED_TO: Final = 1_024
_RECORD_BYTES: Final = 4_096
_LAST_RECORD: Final = b"\x02"
#: RFC 8292 allows a day; a signature that leaks is worth half of one.
_SIGNED_FOR: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Browser:
    """Whom a message is sealed for.

    Attributes:
        address: Where its message service takes messages for it.
        public_key: Its uncompressed P-256 point, 65 bytes.
        auth: Its secret of 16 bytes.
    """

    address: str
    public_key: bytes
    auth: bytes


def signing_key(keys: Keys) -> ec.EllipticCurvePrivateKey:
    """Return the key by which message services know this installation."""
    return derive_private_key(keys.master, "push-es256")


def sealed(
    plain: bytes,
    browser: Browser,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return a body that only the browser can read.

    Args:
        plain: At most a kilobyte.
        browser: Whom it is for.
        own: The sender's one-time key; a new one unless a test brings the one of the standard.
        salt: 16 bytes; random unless a test brings those of the standard.
    """
    one_time = own or new_private_key()
    salt = salt or os.urandom(_SALT_BYTES)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser.public_key)
    own_point = public_bytes(one_time)
    shared = one_time.exchange(ec.ECDH(), theirs)
    both = b"WebPush: info\0" + browser.public_key + own_point
    secret = _expanded(shared, browser.auth, both, 32)
    key = _expanded(secret, salt, b"Content-Encoding: aes128gcm\0", _KEY_BYTES)
    nonce = _expanded(secret, salt, b"Content-Encoding: nonce\0", _NONCE_BYTES)
    head = salt + _RECORD_BYTES.to_bytes(4) + bytes([_POINT_BYTES]) + own_point
    return head + AESGCM(key).encrypt(nonce, plain + _LAST_RECORD, None)


def padded(plain: bytes) -> bytes:
    """Return JSON with spaces behind it, so that its length says nothing."""
    return plain.ljust(_PADDED_TO)


def authorisation(
    address: str, key: ec.EllipticCurvePrivateKey, *, contact: str, now: datetime
) -> str:
    """Return the Authorization header that tells a message service who sends.

    Args:
        address: Of the browser at its service.
        key: `signing_key`.
        contact: A `mailto:` or `https:` address of the operator.
        now: The present.
    """
    claims = {
        "aud": origin_of(address),
        "exp": int((now + _SIGNED_FOR).timestamp()),
        "sub": contact,
    }
    text = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    signature = base64url(sign_es256(key, text.encode()))
    return f"vapid t={text}.{signature}, k={base64url(public_bytes(key))}"


def base64url(content: bytes) -> str:
    """Return bytes in the letters of URLs, without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _json(value: Mapping[str, str | int]) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode())


def _expanded(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(secret)
