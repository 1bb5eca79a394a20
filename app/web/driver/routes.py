"""The driver app: its shell, its state and its commands."""

import base64
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, slow_calls
from app.accounts import devices, people, sessions
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.position import Fix
from app.domain.tokens import DeviceKey, KeyRole
from app.handoffs import collecting, delivering, returning
from app.handoffs.blobs import BlobStore
from app.handoffs.collecting import CodeShown
from app.handoffs.delivering import DoorEvidence, DoorKeys
from app.handoffs.photos import read_photo
from app.handoffs.statements import Owner
from app.keys import SERVER_KID, Keys, check_es256, is_public_key
from app.persistence.transaction import transaction
from app.realtime import publish
from app.runs import claims, lapsing, progress, reordering
from app.tracking import positions
from app.web.auth.identity import clear_cookie, guard, signed_in
from app.web.auth.login import add_login
from app.web.commands import Effect, carry_out, require_sender
from app.web.driver import commands as bodies
from app.web.driver.present import driver_state
from app.web.handoffs import (
    UPLOAD_MAX_BYTES,
    EnterManagerCode,
    UploadStatements,
    take_all,
    try_manager_code,
)
from app.web.limits import limited
from app.web.serviceworker import worker_response
from app.web.state import state_response
from app.web.tickets import is_challenge_for
from app.web.validation import Command, parse_body

driver = Blueprint("driver", __name__, url_prefix="/driver")
guard(driver, "driver", open_endpoints=frozenset({"login", "sign_in", "worker", "shell"}))
add_login(driver, audience="driver", roles=frozenset({"driver"}))


def keys() -> Keys:
    """Return the installation's keys."""
    found: Keys = current_app.extensions["mallrun_keys"]
    return found


def me() -> str:
    """Return the signed-in driver's person id."""
    person_id = signed_in().person_id
    if person_id is None:
        raise DomainError("not_signed_in")
    return person_id


def command(body: Command, kind: str, effect: Effect) -> Response:
    """Carry out one of the driver's commands and answer with the fresh state."""
    result = carry_out(body, principal=f"driver:{me()}", kind=kind, effect=effect)
    return jsonify(result=result, state=driver_state(me(), now=clock.now()))


@driver.get("/")
@limited("page")
def shell() -> ResponseReturnValue:
    return render_template("driver/app.html")


@driver.get("/sw.js")
@limited("static")
def worker() -> ResponseReturnValue:
    return worker_response("sw-driver.js", scope="/driver/")


@driver.get("/api/state")
@limited("state")
def state() -> ResponseReturnValue:
    return state_response(driver_state(me(), now=clock.now()))


@driver.get("/api/photo/me")
@limited("state")
def own_photo() -> ResponseReturnValue:
    row = people.require_person(me())
    content = current_app.extensions["mallrun_blobs"].get(row.photo_key) if row.photo_key else None
    if content is None:
        raise DomainError("not_found")
    return Response(content, mimetype="image/png")


@driver.post("/api/logout")
@limited("command")
def logout() -> ResponseReturnValue:
    with transaction():
        sessions.end_sessions(now=clock.now(), session_id=signed_in().session_id)
    response = make_response("", 204)
    clear_cookie(response, "driver")
    return response


@driver.post("/api/device")
@limited("command")
def enrol_phone() -> ResponseReturnValue:
    body = parse_body(bodies.EnrolPhone)
    public_key = bytes.fromhex(body.public_key)
    if not is_public_key(public_key) or not is_challenge_for(body.challenge, me()):
        raise DomainError("device_key_invalid")
    signature = base64.urlsafe_b64decode(body.signature + "==")

    def effect(act: Act) -> dict[str, Any]:
        row = devices.enrol_phone(
            me(),
            public_key=public_key,
            challenge=body.challenge,
            signature=signature,
            check=check_es256,
            now=act.now,
        )
        return {"kid": row.kid}

    response = command(body, "enrol_phone", effect)
    publish.phone_changed(me(), now=clock.now())
    return response


@driver.post("/api/runs/<run_id>/release")
@limited("command")
def release(run_id: str) -> ResponseReturnValue:
    body = parse_body(bodies.ReleaseRun)

    def effect(act: Act) -> None:
        claims.release_run(run_id, driver_id=me(), reason=body.why, note=body.note, act=act)

    return command(body, f"release {run_id}", effect)


@driver.post("/api/runs/<run_id>/keep")
@limited("command")
def keep(run_id: str) -> ResponseReturnValue:
    body = parse_body(Command)

    def effect(act: Act) -> None:
        lapsing.keep(run_id, driver_id=me(), act=act)

    return command(body, f"keep {run_id}", effect)


@driver.post("/api/proposals/<proposal_id>/<any(take, keep):name>")
@limited("command")
def answer_proposal(proposal_id: str, name: str) -> ResponseReturnValue:
    body = parse_body(Command)

    def effect(act: Act) -> None:
        reordering.answer(proposal_id, driver_id=me(), is_taken=name == "take", act=act)

    return command(body, f"{name} {proposal_id}", effect)


@driver.post("/api/stops/<stop_id>/arrive")
@limited("command")
def arrive(stop_id: str) -> ResponseReturnValue:
    body = parse_body(bodies.ArriveAtStop)

    def effect(act: Act) -> None:
        progress.arrive(stop_id, driver_id=me(), act=act)

    return command(body, f"arrive {stop_id}", effect)


@driver.post("/api/stops/<stop_id>/collect")
@limited("code")
def collect(stop_id: str) -> ResponseReturnValue:
    body = parse_body(bodies.CollectParcels)
    evidence = body.evidence
    text = evidence.reason if isinstance(evidence, bodies.Assertion) else evidence.text
    shown = CodeShown(evidence.kind, text)

    def effect(act: Act) -> dict[str, Any]:
        done = collecting.collect(
            stop_id, shown, driver_id=me(), epoch=body.epoch, check=check_es256, act=act
        )
        return {"parcel_count": done.parcel_count, "level": done.level}

    return command(body, f"collect {stop_id}", effect)


@driver.post("/api/stops/<stop_id>/manager-code")
@limited("code")
def check_manager_code(stop_id: str) -> ResponseReturnValue:
    body = parse_body(EnterManagerCode)
    try_manager_code(body.code, collecting.dear_store(stop_id, driver_id=me()))
    return jsonify(result={}, state=driver_state(me(), now=clock.now()))


@driver.post("/api/stops/<stop_id>/deliver")
@limited("code")
def deliver(stop_id: str) -> ResponseReturnValue:
    body = parse_body(bodies.DeliverParcels)
    shown = _door_evidence(body)
    door_keys = DoorKeys(
        pin_mac=keys().mac("pin"),
        server_key=DeviceKey(kid=SERVER_KID, role=KeyRole.SERVER, public_key=keys().server_public),
        check=check_es256,
    )

    def effect(act: Act) -> dict[str, Any]:
        level = delivering.deliver(
            stop_id, shown, driver_id=me(), epoch=body.epoch, keys=door_keys, act=act
        )
        return {"level": level}

    return command(body, f"deliver {stop_id}", effect)


def _door_evidence(body: bodies.DeliverParcels) -> DoorEvidence:
    match body.evidence:
        case bodies.CustomerCodeShown(text=text):
            return DoorEvidence("customer_code", text)
        case bodies.PinTold(pin=pin):
            return DoorEvidence("pin", pin)
        case bodies.PhotoTaken(photo_id=photo_id):
            return DoorEvidence("photo", photo_id)
        case _:
            return DoorEvidence("none", "")


@driver.post("/api/stops/<stop_id>/fail")
@limited("command")
def fail(stop_id: str) -> ResponseReturnValue:
    body = parse_body(bodies.FailDropoff)

    def effect(act: Act) -> None:
        delivering.fail(
            stop_id, reason=body.why, note=body.note, driver_id=me(), epoch=body.epoch, act=act
        )

    return command(body, f"fail {stop_id}", effect)


@driver.post("/api/stops/<stop_id>/return")
@limited("command")
def give_back(stop_id: str) -> ResponseReturnValue:
    body = parse_body(bodies.ReturnParcels)
    evidence = body.evidence
    reason = evidence.reason if isinstance(evidence, bodies.Assertion) else evidence.text

    def effect(act: Act) -> dict[str, Any]:
        level = returning.give_back(
            stop_id, reason=reason, driver_id=me(), epoch=body.epoch, act=act
        )
        return {"level": level}

    return command(body, f"return {stop_id}", effect)


@driver.post("/api/handoffs")
@limited("statements")
def upload_statements() -> ResponseReturnValue:
    body = parse_body(UploadStatements, max_bytes=UPLOAD_MAX_BYTES)
    require_sender(f"driver:{me()}")
    results = take_all(body, Owner(person_id=me()))
    return jsonify(results=results, state=driver_state(me(), now=clock.now()))


@driver.post("/api/photos")
@limited("photo")
def photo() -> ResponseReturnValue:
    file = request.files.get("photo")
    if file is None:
        raise DomainError("photo_empty")
    fields = {
        name: request.form.get(name, "") for name in ("command_id", "occurred_at", "delivery_id")
    }
    body = bodies.KeepPhoto.model_validate_json(bodies.as_json(fields))
    picture = slow_calls.run_heavy(read_photo, file.read())
    blobs: BlobStore = current_app.extensions["mallrun_blobs"]
    blob_key = blobs.put(picture.jpeg)
    kept: list[str] = []

    def effect(act: Act) -> dict[str, Any]:
        proof_id = delivering.keep_photo(
            picture, blob_key, delivery_id=body.delivery_id, driver_id=me(), act=act
        )
        kept.append(proof_id)
        return {"photo_id": proof_id}

    try:
        result = carry_out(body, principal=f"driver:{me()}", kind="photo", effect=effect)
    finally:
        # A refused photo, or one that came a second time, leaves no file behind.
        if not kept:
            blobs.delete(blob_key)
    return jsonify(result=result, state=driver_state(me(), now=clock.now()))


@driver.post("/api/positions")
@limited("position")
def report_positions() -> ResponseReturnValue:
    body = parse_body(bodies.ReportPositions)
    now = clock.now()
    fixes = [Fix(each.lat, each.lon, each.accuracy_m, each.at) for each in body.fixes]
    fix = positions.take(me(), fixes, current_app.extensions["mallrun_positions"], now=now)
    if fix is not None:
        seen = positions.seen_by(me(), fix, now=now)
        if seen is not None:
            publish.position(seen, now=now)
        if positions.is_worth_storing(me(), fix):
            with transaction():
                positions.store(me(), fix, now=now)
    return "", 204
