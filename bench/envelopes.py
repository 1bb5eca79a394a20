"""Signed statements read and verified per second, beside nothing but the verification.

Ours is what the server does with the text of an envelope before anything else: read it strictly,
then check who signed it. The peer checks the same signatures under a key that is loaded already,
with messages and signatures ready in the library's own form.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app import clock, keys
from app.domain.envelope import (
    NO_ENVELOPE,
    Envelope,
    read_envelope,
    verify_envelope,
    write_envelope,
)
from app.domain.tokens import DeviceKey, KeyRole
from app.persistence.ids import new_uuid7
from bench.figures import Figure
from tests.domain.mp1 import MP1

COUNT = 500
#: In turns, so that a busy moment of the machine meets both.
ROUNDS = 6
GOAL = 0.5
KID = 0xD001
HANDLE = "de11000000000001"


def measure() -> Iterator[Figure]:
    """Verify one device's chain of statements."""
    private = keys.new_private_key()
    key = DeviceKey(KID, KeyRole.PHONE, keys.public_bytes(private))
    texts = _chain(private)
    ready = [_ready(read_envelope(text)) for text in texts]
    public, algorithm = private.public_key(), ec.ECDSA(hashes.SHA256())

    def ours() -> None:
        for text in texts:
            verify_envelope(read_envelope(text), key, keys.check_es256)

    def peer() -> None:
        for signature, message in ready:
            public.verify(signature, message, algorithm)

    pairs = [(_rate(ours), _rate(peer)) for _ in range(ROUNDS)]
    ours_per_s, peer_per_s = (median(rates) for rates in zip(*pairs, strict=True))
    ratio = median(one / other for one, other in pairs)
    yield Figure(
        name="envelopes_verified",
        ours=f"{ours_per_s:.0f}/s",
        peer=f"{peer_per_s:.0f}/s",
        ratio=ratio,
        judged=ratio,
        goal=GOAL,
        rule="at_least",
    )


def _chain(private: ec.EllipticCurvePrivateKey) -> Sequence[str]:
    """Return the statements of a phone that collects with a scanned code each time."""
    texts: list[str] = []
    prev = NO_ENVELOPE
    for seq in range(1, COUNT + 1):
        text = write_envelope(
            _payload(seq, prev), lambda message: keys.sign_es256(private, message)
        )
        prev = read_envelope(text).sha256
        texts.append(text)
    return texts


def _payload(seq: int, prev: str) -> dict[str, Any]:
    now = clock.now()
    return {
        "v": 1,
        "event_id": new_uuid7(now),
        "type": "handoff.picked_up",
        "deliveries": [HANDLE],
        "parcels": {HANDLE: 2},
        "occurred_at": int(now.timestamp() * 1000),
        "clock": {"offset_ms": -120, "sync_age_s": 40, "jump": False},
        "anchor": "0102030405060708",
        "device": KID,
        "seq": seq,
        "prev": prev,
        "assignment_epoch": 1,
        "actor": {"id": "per_" + "a" * 26, "auth": "offline"},
        "evidence": [{"kind": "release_code", "text": MP1["tokens"]["R1"]["qr"]}],
        "commitments": {"geo": "c" * 64},
    }


def _ready(envelope: Envelope) -> tuple[bytes, bytes]:
    """Return an envelope's signature in the library's form, and what it signs."""
    signature = envelope.jws.signature
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    return encode_dss_signature(r, s), envelope.jws.signed


def _rate(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return COUNT / (time.process_time() - started)
