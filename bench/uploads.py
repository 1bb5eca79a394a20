"""A hundred signed statements in one upload: a tablet that was without signal for hours.

Each is about another delivery and embeds the code of the driver's phone: it is read, two signatures
are checked, and it moves the parcels to the driver, in a transaction of its own. It has no peer.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import func, select

from app import clock, keys
from app.deliveries import queries as deliveries
from app.domain import tokens
from app.domain.act import Act
from app.domain.envelope import NO_ENVELOPE, read_envelope, write_envelope
from app.handoffs.models import StatementResult
from app.persistence.ids import new_uuid7
from app.persistence.transaction import session, transaction
from app.runs import claims
from app.sites import queries as sites
from bench.figures import Figure, quantile, say
from bench.load import burst, post
from bench.stage import MakeStage, Stage, stages
from tests import factories
from tests.promises import crowd, serving
from tests.promises.crowd import Place, RunShape

BATCHES = 12
PER_BATCH = 100
DOORS = 6
AGO = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Given:
    """A delivery that the tablet gave to a driver's phone."""

    handle: str
    parcels: int
    phone_kid: int


@dataclass(frozen=True, slots=True)
class Tablet:
    """An enrolled tablet with a clerk, and how it signs in."""

    kid: int
    key: EllipticCurvePrivateKey
    clerk_id: str
    cookie: str
    store_number: int


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        with stages(engine) as make:
            waits = _waits_ms(make, engine)
        p95 = quantile(waits, 0.95)
        yield Figure(name=f"upload_100_p95_{engine}", ours=f"{p95:.0f} ms", judged=p95)


def _waits_ms(make: MakeStage, engine: str) -> list[float]:
    say(f"uploads {engine}: signing {BATCHES * PER_BATCH} statements")
    product = make("product")
    requests = _requests(product)
    say(f"uploads {engine}: uploading")
    with serving.running_server(serving.environment(product.settings)) as server:
        outcome = burst(server.port, requests, connections=1)
    if set(outcome.statuses) != {200}:
        message = f"uploads were refused: {sorted(set(outcome.statuses))}"
        raise RuntimeError(message)
    _require_all_counted(product)
    # Before it counts: caches of statements and connections fill.
    return outcome.waits_ms[1:]


def _requests(product: Stage) -> list[bytes]:
    at = clock.now() - AGO
    phone_key = keys.new_private_key()
    with product.app.app_context(), transaction():
        place = crowd.add_place()
        tablet = _tablet(place)
        given = _given(place, keys.public_bytes(phone_key))[: BATCHES * PER_BATCH]
    sent = _statements(tablet, given, phone_key, at)
    return [
        post(
            "/desk/api/handoffs",
            json.dumps({"statements": sent[start : start + PER_BATCH]}).encode(),
            tablet.cookie,
        )
        for start in range(0, len(sent), PER_BATCH)
    ]


def _tablet(place: Place) -> Tablet:
    key = keys.new_private_key()
    kid, new = factories.a_tablet(place.desk_id, keys.public_bytes(key))
    clerk_id, _ = factories.a_clerk(place.store_id, "Carl")
    store = sites.stores_by_id([place.store_id])[place.store_id]
    return Tablet(kid, key, clerk_id, f"mallrun_desk={new.token}", store.number)


def _given(place: Place, public_key: bytes) -> list[Given]:
    """Let drivers claim runs, so that the tablet can give them everything."""
    now = clock.now()
    count = -(-BATCHES * PER_BATCH // DOORS)
    drivers = crowd.add_drivers(count, place.site_id, now=now)
    runs = crowd.add_runs(count, place, RunShape(door_count=DOORS), now=now)
    found: list[Given] = []
    for run_id, driver in zip(runs, drivers, strict=True):
        phone_kid = factories.a_phone(driver.person_id, public_key)
        act = Act(f"driver:{driver.person_id}", now, now)
        claims.claim_run(run_id, driver_id=driver.person_id, act=act)
        found += [
            Given(row.handle, row.parcel_count, phone_kid)
            for row in deliveries.deliveries_of_run(run_id)
        ]
    return found


def _statements(
    tablet: Tablet, given: Sequence[Given], phone_key: EllipticCurvePrivateKey, at: datetime
) -> list[dict[str, Any]]:
    """Return what the tablet kept, in its order."""
    sent: list[dict[str, Any]] = []
    prev = NO_ENVELOPE
    for seq, each in enumerate(given, start=1):
        payload = {
            "v": 1,
            "event_id": new_uuid7(at),
            "type": "handoff.released",
            "deliveries": [each.handle],
            "parcels": {each.handle: each.parcels},
            "occurred_at": int(at.timestamp() * 1000),
            "clock": {"offset_ms": -120, "sync_age_s": 40, "jump": False},
            "anchor": tokens.NO_ANCHOR.hex(),
            "device": tablet.kid,
            "seq": seq,
            "prev": prev,
            "actor": {"id": tablet.clerk_id, "auth": "offline"},
            "evidence": [{"kind": "presence", "text": _presence(tablet, each, phone_key, at)}],
        }
        text = write_envelope(payload, lambda message: keys.sign_es256(tablet.key, message))
        prev = read_envelope(text).sha256
        sent.append({"envelope": text, "beside": {}})
    return sent


def _presence(tablet: Tablet, each: Given, phone_key: EllipticCurvePrivateKey, at: datetime) -> str:
    token = tokens.Presence(
        kid=each.phone_kid,
        iat=int(at.timestamp()),
        anchor=tokens.NO_ANCHOR,
        nonce=os.urandom(8),
        store=tablet.store_number,
        ticket_set=tokens.ticket_set_of([each.handle]),
    )
    return tokens.encode(token, keys.sign_es256(phone_key, tokens.signed_bytes(token)))


def _require_all_counted(product: Stage) -> None:
    """Refuse a figure of statements that were not applied: those cost less."""
    query = select(StatementResult.outcome, func.count()).group_by(StatementResult.outcome)
    with product.app.app_context():
        counts = {outcome: count for outcome, count in session().execute(query)}  # noqa: C416 - rows are no pairs to a checker.
    if counts != {"applied": BATCHES * PER_BATCH}:
        message = f"statements did not count: {counts}"
        raise RuntimeError(message)
