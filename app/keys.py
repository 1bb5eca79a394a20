"""Keys and signatures: with `push_sealing` the one module that holds `cryptography`.

The rules in `domain` get these as functions.

One master key per installation; every purpose derives its own key from it (HKDF), so that no two
uses share bytes. The server's ES256 key is kept beside the master key, because browsers must verify
it for as long as tokens live.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_KEY_BYTES: Final = 32
#: Key id of the server's first signing key; retired keys keep theirs for ever.
SERVER_KID: Final = 0x000000A1

_CURVE: Final = ec.SECP256R1()
_ES256: Final = ec.ECDSA(hashes.SHA256())
_COORDINATE_BYTES: Final = 32
_NONCE_BYTES: Final = 12

#: argon2id with 19 MiB, two passes, one lane: OWASP's second recommended setting.
_passwords: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class KeyFileError(RuntimeError):
    """The master key is missing, too short or readable by others."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The installation's keys.

    `mac(purpose)` gives a keyed function; `sign` signs with the server's ES256 key.
    """

    master: bytes
    server_private: ec.EllipticCurvePrivateKey

    def derive(self, purpose: str, length: int = 32) -> bytes:
        """Return key bytes for one purpose, for example `tracking`."""
        return HKDF(hashes.SHA256(), length, salt=None, info=b"mallrun/" + purpose.encode()).derive(
            self.master
        )

    def mac(self, purpose: str) -> Callable[[bytes], bytes]:
        """Return HMAC-SHA256 under the key of one purpose."""
        key = self.derive(purpose)
        return lambda message: hmac.digest(key, message, "sha256")

    def sign(self, message: bytes) -> bytes:
        """Return the server's ES256 signature in the 64-byte form that WebCrypto verifies."""
        return sign_es256(self.server_private, message)

    @property
    def server_public(self) -> bytes:
        """The server's public key as an uncompressed point of 65 bytes."""
        return public_bytes(self.server_private)


def load_keys(master_key_file: Path, *, make_missing: bool) -> Keys:
    """Read the master key; in embedded mode make it on the first start, readable by its owner only.

    Raises:
        KeyFileError: When the file is missing (and must not be made), too short or open to other
            accounts.
    """
    if not master_key_file.exists():
        if not make_missing:
            message = f"master key {master_key_file} is missing"
            raise KeyFileError(message)
        _write_private(master_key_file, secrets.token_bytes(MASTER_KEY_BYTES))
    master = master_key_file.read_bytes()
    if len(master) < MASTER_KEY_BYTES:
        size = f"{len(master)} bytes; at least {MASTER_KEY_BYTES} are needed"
        message = f"master key {master_key_file} has {size}"
        raise KeyFileError(message)
    if master_key_file.stat().st_mode & 0o077:
        message = f"master key {master_key_file} can be read by other accounts; run chmod 600 on it"
        raise KeyFileError(message)
    return keys_from_master(master)


def keys_from_master(master: bytes) -> Keys:
    """Derive everything from the master key.

    The server's ES256 scalar too, so that one file is the whole secret.
    """
    return Keys(master=master, server_private=derive_private_key(master, "server-es256"))


def derive_private_key(master: bytes, purpose: str) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key of one purpose; the same master gives the same key."""
    info = b"mallrun/" + purpose.encode()
    wide = HKDF(hashes.SHA256(), 48, salt=None, info=info).derive(master)
    # 384 bits reduced below the group order leave a bias of 2^-128, which nobody can use (FIPS
    # 186-5, A.2.1).
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return ec.derive_private_key(int.from_bytes(wide) % (order - 1) + 1, _CURVE)


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def sign_es256(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """Sign with ES256 and return r‖s, 64 bytes (IEEE P1363).

    The same message gets the same signature (RFC 6979), so that a state document with signed parts
    stays the same while nothing in it changes.
    """
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(private.sign(message, algorithm))
    return r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)


def check_es256(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether an ES256 signature holds under an uncompressed public key (65 bytes)."""
    if len(signature) != 2 * _COORDINATE_BYTES:
        return False
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        _loaded(public_key).verify(der, message, _ES256)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=1_024)
def _loaded(public_key: bytes) -> ec.EllipticCurvePublicKey:
    """Read a public key; a device that sends one statement sends more."""
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public_key)


def seal(key: bytes, plain: bytes) -> bytes:
    """Encrypt with AES-256-GCM; the 12 bytes of the nonce stand in front.

    The nonce follows from key and content, so that the same content under the same key looks the
    same and no nonce is ever used for two contents.
    """
    nonce = hmac.digest(key, plain, "sha256")[:_NONCE_BYTES]
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def unseal(key: bytes, sealed: bytes) -> bytes:
    """Return what `seal` has encrypted.

    Raises:
        InvalidTag: For anything else.
    """
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)


def is_public_key(public_key: bytes) -> bool:
    """Tell whether 65 bytes are an uncompressed point on P-256."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public_key)
    except ValueError:
        return False
    return len(public_key) == 2 * _COORDINATE_BYTES + 1


def public_bytes(private: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the uncompressed public point of a private key."""
    return private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def new_private_key() -> ec.EllipticCurvePrivateKey:
    """Make a fresh P-256 key, for the demo's simulated devices and for tests."""
    return ec.generate_private_key(_CURVE)


def hash_password(password: str) -> str:
    """Return an argon2id hash. Takes tens of milliseconds: call it through `slow_calls.run`."""
    return _passwords.hash(password)


def password_matches(password_hash: str, password: str) -> bool:
    """Check a password against its argon2id hash. Slow on purpose, like `hash_password`."""
    try:
        return _passwords.verify(password_hash, password)
    except VerificationError:
        return False


def hash_clerk_code(code: str, salt: bytes) -> str:
    """Return the scrypt hash of a clerk's six digits under the store's secret salt.

    The salt is derived from the master key, so a copied database alone does not give the million
    codes away, and one store's hashes can carry a unique index.
    """
    return hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32).hex()
