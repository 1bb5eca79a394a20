"""The desk app of a store: shell, enrolment, clerk sign-in, state and commands."""

import math
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, slow_calls
from app.accounts import clerks, devices, sessions
from app.accounts import queries as accounts
from app.deliveries import service as delivery_service
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.geo import Point, is_on_earth
from app.handoffs import collecting, returning, visits
from app.handoffs.statements import Owner
from app.keys import Keys, check_es256, hash_clerk_code, is_public_key
from app.persistence.transaction import session, transaction
from app.runs import keeping_back
from app.runs import queries as runs
from app.sites import addresses
from app.sites import queries as sites
from app.sites.labels import label_png, labels_pdf
from app.web import seen
from app.web.auth.identity import SignedIn, clear_cookie, guard, set_cookie, signed_in
from app.web.clerk import commands as bodies
from app.web.clerk.labels import label_words, labels_of
from app.web.clerk.present import desk_state, present_place
from app.web.commands import Effect, carry_out, keeping_effects
from app.web.handoffs import (
    UPLOAD_MAX_BYTES,
    EnterManagerCode,
    UploadStatements,
    take_all,
    try_manager_code,
)
from app.web.limits import address, limited
from app.web.serviceworker import worker_response
from app.web.state import state_response
from app.web.validation import Command, parse_body

clerk = Blueprint("clerk", __name__, url_prefix="/desk")
guard(clerk, "desk", open_endpoints=frozenset({"shell", "worker", "enrol"}))


def my_store() -> str:
    """Return the store of this desk.

    Raises:
        DomainError: `not_signed_in` when the desk is no longer in use.
    """
    desk = sites.desk(signed_in().desk_id or "")
    if desk is None:
        raise DomainError("not_signed_in")
    return desk.store_id


def me() -> str:
    """Return the signed-in clerk and count this as an act of theirs.

    Raises:
        DomainError: `not_signed_in` while the desk is locked.
    """
    who = signed_in()
    if who.clerk_id is None or who.clerk_session_id is None:
        raise DomainError("not_signed_in")
    seen.mark(who.clerk_session_id, clock.now())
    return who.clerk_id


def command(body: Command, kind: str, effect: Effect) -> Response:
    """Carry out one of the clerk's commands and answer with the fresh state."""
    result = carry_out(body, principal=f"clerk:{me()}", kind=kind, effect=effect)
    return jsonify(result=result, state=desk_state(signed_in(), now=clock.now()))


@clerk.get("/")
@limited("page", by=address)
def shell() -> ResponseReturnValue:
    return render_template("clerk/app.html")


@clerk.get("/sw.js")
@limited("static", by=address)
def worker() -> ResponseReturnValue:
    return worker_response("sw-clerk.js", scope="/desk/")


@clerk.post("/api/enrol")
@limited("login_address", by=address)
def enrol() -> ResponseReturnValue:
    body = parse_body(bodies.EnrolDesk)
    public_key = bytes.fromhex(body.public_key)
    if not is_public_key(public_key):
        raise DomainError("device_key_invalid")
    now = clock.now()
    with transaction():
        device, new = devices.enrol_desk(body.code, public_key=public_key, now=now)
        kid, desk_id = device.kid, device.desk_id
    who = SignedIn(audience="desk", session_id=new.id, desk_id=desk_id)
    response = jsonify(result={"kid": kid}, state=desk_state(who, now=now))
    set_cookie(response, "desk", new)
    return response


@clerk.post("/api/sign-in")
@limited("login_address")
def sign_in() -> ResponseReturnValue:
    body = parse_body(bodies.SignIn)
    who, now = signed_in(), clock.now()
    # The salt is derived here: the thread that hashes has no application context.
    hashed = slow_calls.run(hash_clerk_code, body.code, _code_salt(my_store()))
    opened: list[sessions.NewSession] = []

    def effect() -> dict[str, Any]:
        found, new = clerks.sign_in(
            who.desk_id or "", body.code, hash_code=lambda _code, _store: hashed, now=now
        )
        opened.append(new)
        return {"clerk_id": found.id}

    result = keeping_effects(effect)
    signed = SignedIn(
        audience="desk",
        session_id=who.session_id,
        desk_id=who.desk_id,
        clerk_id=result["clerk_id"],
        clerk_session_id=opened[0].id,
    )
    response = jsonify(result=result, state=desk_state(signed, now=now))
    set_cookie(response, "clerk", opened[0])
    return response


def _code_salt(store_id: str) -> bytes:
    keys: Keys = current_app.extensions["mallrun_keys"]
    return keys.derive(f"clerk-codes/{store_id}")


@clerk.post("/api/wrong-codes")
@limited("login_address")
def report_wrong_codes() -> ResponseReturnValue:
    body, desk_id = parse_body(bodies.ReportWrongCodes), signed_in().desk_id or ""

    def effect(_act: Act) -> None:
        clerks.count_wrong_codes(desk_id, body.count)

    result = carry_out(body, principal=f"desk:{desk_id}", kind="wrong_codes", effect=effect)
    return jsonify(result=result, state=desk_state(signed_in(), now=clock.now()))


@clerk.post("/api/lock")
@limited("command")
def lock() -> ResponseReturnValue:
    parse_body(Command)
    who = signed_in()
    if who.clerk_session_id is not None:
        with transaction():
            sessions.end_sessions(now=clock.now(), session_id=who.clerk_session_id)
    locked = SignedIn(audience="desk", session_id=who.session_id, desk_id=who.desk_id)
    response = jsonify(result={}, state=desk_state(locked, now=clock.now()))
    clear_cookie(response, "clerk")
    return response


@clerk.post("/api/activity")
@limited("command")
def activity() -> ResponseReturnValue:
    me()
    return "", 204


@clerk.get("/api/state")
@limited("state")
def state() -> ResponseReturnValue:
    return state_response(desk_state(signed_in(), now=clock.now()))


@clerk.get("/api/places")
@limited("state")
def places() -> ResponseReturnValue:
    me()
    store = sites.store(my_store())
    typed = request.args.get("q", "")[:100]
    found = addresses.suggestions(store.site_id, typed) if store is not None else ()
    return jsonify([present_place(each) for each in found])


@clerk.get("/api/places/around")
@limited("state")
def places_around() -> ResponseReturnValue:
    me()
    store = sites.store(my_store())
    lat, lon = (request.args.get(name, math.nan, type=float) for name in ("lat", "lon"))
    if store is None or not is_on_earth(lat, lon):
        raise DomainError("bad_request")
    found = addresses.around(store.site_id, Point(lat, lon))
    return jsonify([present_place(each) for each in found])


@clerk.get("/api/drivers/<person_id>/photo")
@limited("state")
def driver_photo(person_id: str) -> ResponseReturnValue:
    me()
    store_id = my_store()
    coming = {stop.run_id for stop in runs.open_stops_at_store(store_id)}
    is_expected = any(run.driver_id == person_id for run in runs.runs_by_id(coming).values())
    is_here = is_expected or visits.is_visiting(person_id, store_id, now=clock.now())
    person = accounts.person(person_id) if is_here else None
    content = (
        current_app.extensions["mallrun_blobs"].get(person.photo_key)
        if person is not None and person.photo_key
        else None
    )
    if content is None:
        raise DomainError("not_found")
    response = make_response(content)
    response.mimetype = "image/png"
    return response


@clerk.post("/api/deliveries/<delivery_id>/pack")
@limited("command")
def pack(delivery_id: str) -> ResponseReturnValue:
    body, store_id = parse_body(Command), my_store()

    def effect(act: Act) -> None:
        delivery_service.pack(delivery_id, store_id=store_id, act=act)

    return command(body, f"pack {delivery_id}", effect)


@clerk.post("/api/deliveries/<delivery_id>/unpack")
@limited("command")
def unpack(delivery_id: str) -> ResponseReturnValue:
    body, store_id = parse_body(Command), my_store()

    def effect(act: Act) -> None:
        delivery_service.unpack(delivery_id, store_id=store_id, act=act)

    return command(body, f"unpack {delivery_id}", effect)


@clerk.post("/api/deliveries/<delivery_id>/keep-back")
@limited("command")
def keep_back(delivery_id: str) -> ResponseReturnValue:
    body, store_id = parse_body(Command), my_store()

    def effect(act: Act) -> None:
        keeping_back.keep_back(delivery_id, store_id=store_id, act=act)

    return command(body, f"keep back {delivery_id}", effect)


@clerk.get("/api/deliveries/<delivery_id>/label.pdf")
@limited("state")
def label_pdf(delivery_id: str) -> ResponseReturnValue:
    me()
    labels = labels_of(delivery_service.of_store(delivery_id, my_store()))
    session().rollback()
    content = slow_calls.run(labels_pdf, labels, label_words())
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = "inline; filename=labels.pdf"
    return response


@clerk.get("/api/deliveries/<delivery_id>/label.png")
@limited("state")
def label_picture(delivery_id: str) -> ResponseReturnValue:
    me()
    labels = labels_of(delivery_service.of_store(delivery_id, my_store()))
    number = request.args.get("parcel", 1, type=int)
    if not 1 <= number <= len(labels):
        raise DomainError("not_found")
    session().rollback()
    response = make_response(slow_calls.run(label_png, labels[number - 1], label_words()))
    response.mimetype = "image/png"
    return response


@clerk.post("/api/releases")
@limited("command")
def show_release() -> ResponseReturnValue:
    body, store_id = parse_body(bodies.ShowRelease), my_store()
    device = accounts.active_desk_device(signed_in().desk_id or "")
    kid = device.kid if device is not None else 0

    def effect(act: Act) -> dict[str, Any]:
        code = collecting.show_release(
            body.token,
            run_id=body.run_id,
            desk_kid=kid,
            store_id=store_id,
            check=check_es256,
            now=act.now,
        )
        return {"short_code": code}

    return command(body, f"show {body.run_id}", effect)


@clerk.post("/api/manager-code")
@limited("login_address")
def check_manager_code() -> ResponseReturnValue:
    body = parse_body(EnterManagerCode)
    me()
    try_manager_code(body.code, my_store())
    return jsonify(result={}, state=desk_state(signed_in(), now=clock.now()))


@clerk.post("/api/handovers")
@limited("command")
def give() -> ResponseReturnValue:
    body, store_id = parse_body(bodies.GiveParcels), my_store()
    device = accounts.active_desk_device(signed_in().desk_id or "")
    kid = device.kid if device is not None else 0

    def effect(act: Act) -> None:
        collecting.give(
            body.run_id,
            delivery_ids=body.delivery_ids,
            nonces=body.nonces,
            store_id=store_id,
            desk_kid=kid,
            act=act,
        )

    return command(body, f"give {body.run_id}", effect)


@clerk.post("/api/returns")
@limited("command")
def take_back() -> ResponseReturnValue:
    body, store_id = parse_body(bodies.TakeBack), my_store()

    def effect(act: Act) -> None:
        run = runs.run(body.run_id, lock=True)
        if run is None:
            raise DomainError("not_found")
        returning.take_back(run, body.delivery_ids, store_id=store_id, act=act)

    return command(body, f"take back {body.run_id}", effect)


@clerk.post("/api/handoffs")
@limited("statements")
def upload_statements() -> ResponseReturnValue:
    body = parse_body(UploadStatements, max_bytes=UPLOAD_MAX_BYTES)
    # The tablet speaks, not the person at it: what a clerk has stated goes out also while locked.
    results = take_all(body, Owner(desk_id=signed_in().desk_id or ""))
    return jsonify(results=results, state=desk_state(signed_in(), now=clock.now()))
