"""Devices that keep signed statements, as phones and tablets do, and upload them when they like."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, keys
from app.domain import tokens
from app.domain.envelope import NO_ENVELOPE, write_envelope
from app.persistence.ids import new_uuid7
from tests.personas import Clerk, Driver, base64url

Sent = dict[str, Any]


@dataclass(repr=False)
class Signer:
    """A device's key and how far its own chain of statements has come."""

    kid: int
    key: EllipticCurvePrivateKey
    actor_id: str
    client: FlaskClient
    path: str
    seq: int = 0
    prev: str = NO_ENVELOPE
    kept: list[Sent] = field(default_factory=list[Sent])

    def state(self, kind: str, parcels: Mapping[str, int], **given: Any) -> Sent:
        """Sign a statement and keep it, ready to upload."""
        beside = given.pop("beside", {})
        occurred_at: datetime = given.pop("at", None) or clock.now()
        salted = {name: (os.urandom(16).hex(), value) for name, value in beside.items()}
        payload: dict[str, Any] = {
            "v": 1,
            "event_id": new_uuid7(occurred_at),
            "type": kind,
            "deliveries": list(parcels),
            "parcels": dict(parcels),
            "occurred_at": int(occurred_at.timestamp() * 1000),
            "clock": {"offset_ms": 0, "sync_age_s": 5, "jump": False},
            "anchor": "0" * 16,
            "device": self.kid,
            "seq": self.seq + 1,
            "prev": self.prev,
            "actor": {"id": self.actor_id, "auth": "offline"},
            "evidence": [],
            **given,
        }
        if salted:
            payload["commitments"] = {name: committed(*pair) for name, pair in salted.items()}
        text = write_envelope(payload, lambda message: keys.sign_es256(self.key, message))
        self.seq, self.prev = payload["seq"], hashlib.sha256(text.encode()).hexdigest()
        sent = {
            "envelope": text,
            "beside": {
                name: {"salt": salt, "value": value} for name, (salt, value) in salted.items()
            },
        }
        self.kept.append(sent)
        return sent

    def upload(self, *sent: Sent) -> TestResponse:
        """Upload statements, or everything that was kept."""
        return self.client.post(self.path, json={"statements": list(sent or self.kept)})

    def results(self, *sent: Sent) -> list[dict[str, Any]]:
        """Upload and return the result for each."""
        answer = self.upload(*sent)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()["results"]


def phone_of(driver: Driver) -> Signer:
    """Return the signing half of a driver's phone."""
    path = "/driver/api/handoffs"
    return Signer(driver.kid, driver.key, driver.person_id, driver.client, path)


def tablet_of(clerk: Clerk) -> Signer:
    """Return the signing half of a clerk's tablet."""
    return Signer(clerk.kid, clerk.key, clerk.clerk_id, clerk.client, "/desk/api/handoffs")


def committed(salt: str, value: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def picked_up(phone: Signer, text: str, parcels: Mapping[str, int], **given: Any) -> Sent:
    """State a collection on a scanned release code."""
    evidence = [{"kind": "release_code", "text": text}]
    fields = {"assignment_epoch": 1, "evidence": evidence} | given
    return phone.state("handoff.picked_up", parcels, **fields)


def released(
    tablet: Signer, nonces: Sequence[bytes], parcels: Mapping[str, int], **given: Any
) -> Sent:
    """State that parcels were given, with every nonce that the tablet showed."""
    shown = [nonce.hex() for nonce in nonces]
    return tablet.state("handoff.released", parcels, shown=shown, **given)


def presence_of(driver: Driver, store_number: int, handles: Sequence[str], **changes: Any) -> str:
    """Return the code that a driver's phone shows at a store."""
    fields: dict[str, Any] = {
        "kid": driver.kid,
        "iat": int(clock.now().timestamp()),
        "anchor": tokens.NO_ANCHOR,
        "nonce": os.urandom(8),
        "store": store_number,
        "ticket_set": tokens.ticket_set_of(handles),
    }
    presence = tokens.Presence(**(fields | changes))
    return tokens.encode(presence, keys.sign_es256(driver.key, tokens.signed_bytes(presence)))


def enrol(driver: Driver, *, challenge: str | None = None, forged: bool = False) -> TestResponse:
    """Enrol a new phone as a driver's; `forged` signs with another key."""
    device = driver.state()["device"]
    key, other = keys.new_private_key(), keys.new_private_key()
    asked = challenge or device["challenge"]
    signature = keys.sign_es256(other if forged else key, asked.encode())
    return driver.post(
        "device",
        public_key=keys.public_bytes(key).hex(),
        challenge=asked,
        signature=base64url(signature),
    )
