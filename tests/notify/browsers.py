"""A browser that takes messages: its keys, and how it opens what was sealed for it."""

import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.keys import new_private_key, public_bytes

_HEAD_BYTES = 16 + 4 + 1


class Phone:
    """One browser on one phone."""

    def __init__(self) -> None:
        self.private = new_private_key()
        self.public = public_bytes(self.private)
        self.auth = os.urandom(16)

    def reads(self, body: bytes) -> dict[str, Any]:
        """Return the message in a body."""
        return json.loads(opened(body, self.private, self.auth))


def opened(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Return what was sealed, as RFC 8291 has the browser open it."""
    salt, own_length = body[:16], body[_HEAD_BYTES - 1]
    sender = body[_HEAD_BYTES : _HEAD_BYTES + own_length]
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    shared = private.exchange(ec.ECDH(), theirs)
    both = b"WebPush: info\0" + public_bytes(private) + sender
    secret = _expanded(shared, auth, both, 32)
    key = _expanded(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _expanded(secret, salt, b"Content-Encoding: nonce\0", 12)
    plain = AESGCM(key).decrypt(nonce, body[_HEAD_BYTES + own_length :], None)
    assert plain.endswith(b"\x02")
    return plain[:-1]


def _expanded(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(secret)
