"""Messages to a locked phone: turned on and off by the phone that shows them."""

import base64

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.push import is_service
from app.jobs.pushes import PushService
from app.keys import is_public_key, public_bytes
from app.notify import pushes
from app.push_sealing import AUTH_BYTES, base64url, signing_key
from app.web.auth.identity import signed_in
from app.web.driver import commands as bodies
from app.web.driver.routes import command, driver, keys, me
from app.web.limits import limited
from app.web.validation import parse_body


@driver.get("/api/push/key")
@limited("state")
def push_key() -> ResponseReturnValue:
    return jsonify(key=base64url(public_bytes(signing_key(keys()))))


@driver.post("/api/push")
@limited("command")
def push_on() -> ResponseReturnValue:
    body = parse_body(bodies.TakePushes)
    service: PushService = current_app.extensions["mallrun_push"]
    public_key, auth = _bytes_of(body.public_key), _bytes_of(body.auth)
    is_fit = is_public_key(public_key) and len(auth) == AUTH_BYTES
    if not is_fit or not is_service(body.address, services=service.services):
        raise DomainError("push_unknown")

    def effect(act: Act) -> None:
        pushes.subscribe(
            me(),
            signed_in().session_id,
            address=body.address,
            public_key=public_key,
            auth=auth,
            now=act.now,
        )

    return command(body, "push_on", effect)


@driver.post("/api/push/end")
@limited("command")
def push_off() -> ResponseReturnValue:
    body = parse_body(bodies.EndPushes)

    def effect(_act: Act) -> None:
        pushes.unsubscribe(me(), body.address)

    return command(body, "push_off", effect)


def _bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
