"""The people in tests, each with the thing they hold.

Dina drives (and Dan, when it takes two), Carl clerks at Lumen, Cleo waits, Mallory clerks at Orbit,
another merchant's store. A request here is what their app would send; nothing is faked in between.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app import clock, keys
from app.accounts import people
from app.domain import tokens
from app.web.auth.identity import COOKIES, PATHS
from tests import factories
from tests.factories import Counter, Mall, command


def code_of(response: TestResponse) -> str | None:
    """Return the code of a refusal; None when it was none."""
    return (response.get_json(silent=True) or {}).get("code")


def show_cookie(client: FlaskClient, audience: str, token: str) -> None:
    """Give a browser a sign-in's cookie."""
    client.set_cookie(COOKIES[audience], token, path=PATHS[audience])


@dataclass(frozen=True, slots=True, repr=False)
class Driver:
    """A driver with an enrolled phone."""

    mall: Mall
    person_id: str
    kid: int
    key: EllipticCurvePrivateKey
    client: FlaskClient
    token: str

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a command."""
        return self.client.post(f"/driver/api/{path}", json=command(**fields))

    def state(self) -> dict[str, Any]:
        """Read the app's state."""
        return self.client.get("/driver/api/state").get_json()

    def go_on_duty(self) -> None:
        with self.mall.writing():
            people.set_duty(
                self.person_id, is_on_duty=True, site_id=self.mall.site_id, now=clock.now()
            )

    def claim(self, run_id: str) -> TestResponse:
        return self.post(f"runs/{run_id}/claim")

    def stops(self, kind: str) -> list[dict[str, Any]]:
        """Return the open stops of a kind of the run in hand."""
        run = self.state()["run"]
        found = [stop for stop in (run or {"stops": ()})["stops"] if stop["kind"] == kind]
        return [stop for stop in found if stop["status"] in {"ahead", "arrived"}]

    def arrive(self, stop: Mapping[str, Any]) -> TestResponse:
        return self.post(f"stops/{stop['id']}/arrive", position=None)

    def collect(self, text: str, kind: str = "release_code", **given: Any) -> TestResponse:
        """Show evidence at the next pickup."""
        stop = given.pop("stop", None) or self.stops("pickup")[0]
        name = "reason" if kind == "assertion" else "text"
        body = {"epoch": 1, "evidence": {"kind": kind, name: text}, "position": None}
        return self.post(f"stops/{stop['id']}/collect", **(body | given))

    def deliver(self, stop: Mapping[str, Any], kind: str = "none", **given: Any) -> TestResponse:
        """Show evidence at a door."""
        evidence = {"kind": kind} | {
            name: given.pop(name) for name in ("pin", "photo_id", "text") if name in given
        }
        body = {"epoch": 1, "evidence": evidence, "position": None}
        return self.post(f"stops/{stop['id']}/deliver", **(body | given))

    def fail(self, stop: Mapping[str, Any], reason: str = "nobody_home") -> TestResponse:
        return self.post(f"stops/{stop['id']}/fail", epoch=1, reason=reason, note="")

    def give_back(self, stop: Mapping[str, Any]) -> TestResponse:
        evidence = {"kind": "assertion", "reason": "At the counter"}
        return self.post(f"stops/{stop['id']}/return", epoch=1, evidence=evidence)

    def photograph(self, delivery_id: str) -> TestResponse:
        """Send a photo of a delivery."""
        form = command(delivery_id=delivery_id) | {"photo": (a_picture(), "door.jpg")}
        return self.client.post("/driver/api/photos", data=form)

    def report(self, lat: float, lon: float, at: datetime | None = None) -> TestResponse:
        """Send one fix."""
        fix = {"lat": lat, "lon": lon, "accuracy_m": 9.0, "heading_deg": None, "speed_mps": None}
        body = {"fixes": [fix | {"at": (at or clock.now()).isoformat()}]}
        return self.client.post("/driver/api/positions", json=body)


@dataclass(frozen=True, slots=True, repr=False)
class Clerk:
    """A clerk, signed in on a store's tablet."""

    mall: Mall
    counter: Counter
    clerk_id: str
    number: int
    kid: int
    key: EllipticCurvePrivateKey
    client: FlaskClient
    cookies: dict[str, str] = field(default_factory=dict[str, str])

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a command."""
        return self.client.post(f"/desk/api/{path}", json=command(**fields))

    def state(self) -> dict[str, Any]:
        """Read the app's state."""
        return self.client.get("/desk/api/state").get_json()

    def release(self, driver: Driver, parcels: Mapping[str, int], **changes: Any) -> tokens.Release:
        """Return a release for a driver, `{handle: parcels}`, not signed yet."""
        fields: dict[str, Any] = {
            "kid": self.kid,
            "iat": int(clock.now().timestamp()),
            "anchor": tokens.NO_ANCHOR,
            "nonce": os.urandom(8),
            "clerk": self.number,
            "driver_kid": driver.kid,
            "deliveries": tuple(tokens.ReleasedDelivery(*line) for line in parcels.items()),
        }
        return tokens.Release(**(fields | changes))

    def sign(self, release: tokens.Release, key: EllipticCurvePrivateKey | None = None) -> str:
        """Return the text of a release's code, signed by this tablet or with another key."""
        return tokens.encode(
            release, keys.sign_es256(key or self.key, tokens.signed_bytes(release))
        )

    def shows(self, driver: Driver, run_id: str, **changes: Any) -> str:
        """Return the code that gives a driver everything of a run at this store."""
        rows = self.mall.deliveries_of(run_id)
        mine = [row for row in rows if row.store_id == self.counter.store_id]
        return self.sign(self.release(driver, factories.handles_of(mine), **changes))

    def give(self, run_id: str, *nonces: bytes) -> TestResponse:
        """Tap Given for everything of a run at this store."""
        rows = self.mall.deliveries_of(run_id)
        mine = [row.id for row in rows if row.store_id == self.counter.store_id]
        return self.post(
            "handovers",
            run_id=run_id,
            delivery_ids=mine,
            nonces=[nonce.hex() for nonce in nonces],
        )


def a_driver(mall: Mall, name: str, *, is_hubs_own: bool = False, has_phone: bool = True) -> Driver:
    """Sign a driver in, on duty at the mall, with an enrolled phone if nothing else is said."""
    key = keys.new_private_key()
    with mall.writing():
        person_id = factories.a_driver(name)
        kid = factories.a_phone(person_id, keys.public_bytes(key)) if has_phone else 0
        new = factories.a_session("driver", person_id=person_id)
        if is_hubs_own:
            people.attach_to_hub(person_id, mall.site_id)
        people.set_duty(person_id, is_on_duty=True, site_id=mall.site_id, now=clock.now())
    client = mall.app.test_client()
    show_cookie(client, "driver", new.token)
    return Driver(mall, person_id, kid, key, client, new.token)


def a_clerk(mall: Mall, name: str, counter: Counter, **given: Any) -> Clerk:
    """Sign a clerk in on the enrolled tablet of a store's desk."""
    key = keys.new_private_key()
    with mall.writing():
        kid, desk = factories.a_tablet(counter.desk_id, keys.public_bytes(key))
        clerk_id, number = factories.a_clerk(counter.store_id, name, **given)
        own = factories.a_session("clerk", desk_id=counter.desk_id, clerk_id=clerk_id)
    client = mall.app.test_client()
    show_cookie(client, "desk", desk.token)
    show_cookie(client, "clerk", own.token)
    cookies = {"desk": desk.token, "clerk": own.token}
    return Clerk(mall, counter, clerk_id, number, kid, key, client, cookies)


def a_picture(colour: str = "red") -> BytesIO:
    """Return a small JPEG."""
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    out.seek(0)
    return out


def base64url(raw: bytes) -> str:
    """Return bytes as WebCrypto's users write them."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
