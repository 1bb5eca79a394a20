"""The console: sign-in, and stores with their desks and clerks."""

from flask import (
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import clock, keys, slow_calls
from app.accounts import clerks, devices, sessions
from app.accounts import queries as accounts
from app.accounts.devices import ENROLMENT_LIFE
from app.domain.errors import DomainError
from app.persistence.transaction import session, transaction
from app.realtime import publish
from app.sites import queries as sites
from app.sites import service as site_service
from app.sites.qr_codes import qr_svg
from app.sites.queries import Store
from app.web.auth.identity import clear_cookie, signed_in
from app.web.console import forms
from app.web.console.finding import FEW_PLACES, asked_name, named
from app.web.console.forms import Failed, carry_out, submit
from app.web.console.frame import console, page
from app.web.console.present import notice, store_view, suggested_code
from app.web.console.scope import (
    ROLES,
    my_clerk,
    my_desk,
    my_scope,
    my_store,
    my_stores,
)
from app.web.console.store_lists import groups_of, lines_of
from app.web.limits import address, limited
from app.web.texts import gettext as _


def store_page(store: Store, failed: Failed | None = None) -> str:
    """Render a store's page, with a form that failed in its place."""
    # A failed form has rolled back: what is shown is read again.
    view = store_view(my_store(store.id), now=clock.now())
    done = notice(request.args.get("done"))
    return page("store", store=view, failed=failed, done=done)


def back_to(store_id: str, done: str) -> ResponseReturnValue:
    """Answer a form that worked: go to the store's page and say what was done."""
    return redirect(f"/console/stores/{store_id}?done={done}", 303)


@console.get("/")
@limited("page")
def index() -> ResponseReturnValue:
    """Lead a dispatcher to the day, and everybody else to the stores they look after."""
    is_dispatcher = my_scope().is_everything
    return redirect(url_for("console.today" if is_dispatcher else "console.stores"))


@console.get("/stores")
@limited("page")
def stores() -> ResponseReturnValue:
    if not my_scope().is_everything:
        return page("stores", groups=groups_of(my_stores()))
    places, words = sites.place_names(), asked_name()
    found = named(places, words)
    is_many = len(places) > FEW_PLACES
    if len(found) > FEW_PLACES:
        return page("stores", lines=lines_of(found), words=words, is_many=is_many)
    there = sites.stores_of_sites([place.id for place in found])
    groups = groups_of(there, found) if found else []
    return page("stores", groups=groups, words=words, is_many=is_many)


@console.post("/logout")
@limited("command")
def logout() -> ResponseReturnValue:
    with transaction():
        sessions.end_sessions(now=clock.now(), session_id=signed_in().session_id)
    response = make_response(redirect("/console/login", 303))
    clear_cookie(response, "console")
    return response


@console.get("/stores/<store_id>")
@limited("page")
def store(store_id: str) -> ResponseReturnValue:
    return store_page(my_store(store_id))


@console.post("/stores/<store_id>/desks")
@limited("command")
def add_desk(store_id: str) -> ResponseReturnValue:
    found = my_store(store_id)
    failed = submit(
        forms.DeskForm,
        lambda form, now: site_service.add_desk(store_id, form.desk_name, now=now),
    )
    return (store_page(found, failed), 422) if failed else back_to(store_id, "desk_added")


@console.post("/desks/<desk_id>/enrolment")
@limited("command")
def show_enrolment(desk_id: str) -> ResponseReturnValue:
    desk, store = my_desk(desk_id)
    names, now = (desk.name, store.name, store.id), clock.now()
    with transaction():
        code = devices.make_desk_enrolment(desk_id, now=now)
    url = f"{current_app.extensions['mallrun_settings'].public_url}/desk/#code={code}"
    return page(
        "enrolment",
        names=names,
        code=code,
        address=url.partition("#")[0],
        qr=qr_svg(url, title=_("Code for the store's tablet")),
        until=now + ENROLMENT_LIFE,
        minutes=int(ENROLMENT_LIFE.total_seconds() // 60),
    )


@console.post("/desks/<desk_id>/unlock")
@limited("command")
def unlock_desk(desk_id: str) -> ResponseReturnValue:
    _desk, store = my_desk(desk_id)
    store_id = store.id
    carry_out(lambda _now: clerks.unlock_desk(desk_id))
    publish.desk_changed(store_id, now=clock.now())
    return back_to(store_id, "desk_unlocked")


@console.get("/desks/<desk_id>/retire")
@limited("page")
def ask_retire(desk_id: str) -> ResponseReturnValue:
    desk, store = my_desk(desk_id)
    return page("retire_tablet", desk=desk, store=store)


@console.post("/desks/<desk_id>/retire")
@limited("command")
def retire_tablet(desk_id: str) -> ResponseReturnValue:
    _desk, store = my_desk(desk_id)
    store_id = store.id
    carry_out(lambda now: devices.retire_desk_device(desk_id, now=now))
    return back_to(store_id, "tablet_retired")


@console.get("/desks/<desk_id>/remove")
@limited("page")
def ask_remove_desk(desk_id: str) -> ResponseReturnValue:
    desk, store = my_desk(desk_id)
    return page("remove_desk", desk=desk, store=store)


@console.post("/desks/<desk_id>/remove")
@limited("command")
def remove_desk(desk_id: str) -> ResponseReturnValue:
    _desk, store = my_desk(desk_id)
    store_id, now = store.id, clock.now()
    with transaction():
        devices.retire_desk_device(desk_id, now=now)
        site_service.remove_desk(desk_id, now=now)
    return back_to(store_id, "desk_removed")


@console.post("/stores/<store_id>/clerks")
@limited("command")
def add_clerk(store_id: str) -> ResponseReturnValue:
    found, hashed = my_store(store_id), code_hash(store_id)
    failed = submit(
        forms.ClerkForm,
        lambda form, now: clerks.add_clerk(
            store_id, form.first_name, form.code, hash_code=lambda _code, _store: hashed, now=now
        ),
    )
    if failed:
        return store_page(found, failed), 422
    return told_code(store_id, request.form["first_name"].strip())


def told_code(store_id: str, first_name: str) -> str:
    """Show the code that was just given to a clerk, once: only its hash is kept."""
    code = request.form["code"].strip()
    return page("clerk_code", store=my_store(store_id), first_name=first_name, code=code)


def code_hash(store_id: str) -> str:
    """Return the hash of the posted code, computed before the transaction, off the event loop."""
    salt = current_app.extensions["mallrun_keys"].derive(f"clerk-codes/{store_id}")
    typed = request.form.get("code", "").strip()[:6]
    # The read transaction ends here, so that none is open while the hash is computed.
    session().rollback()
    return slow_calls.run(keys.hash_clerk_code, typed, salt)


@console.get("/clerks/<clerk_id>/code")
@limited("page")
def ask_code(clerk_id: str) -> ResponseReturnValue:
    return code_page(clerk_id)


def code_page(clerk_id: str, failed: Failed | None = None) -> str:
    """Render the form for a clerk's new code."""
    clerk, store = my_clerk(clerk_id)
    return page(
        "change_code", clerk=clerk, store=store, failed=failed, suggested_code=suggested_code()
    )


@console.post("/clerks/<clerk_id>/code")
@limited("command")
def change_code(clerk_id: str) -> ResponseReturnValue:
    clerk, store = my_clerk(clerk_id)
    store_id, first_name = store.id, clerk.first_name
    hashed = code_hash(store_id)
    failed = submit(
        forms.CodeForm,
        lambda form, now: clerks.change_code(
            clerk_id, form.code, hash_code=lambda _code, _store: hashed, now=now
        ),
    )
    return (code_page(clerk_id, failed), 422) if failed else told_code(store_id, first_name)


@console.get("/clerks/<clerk_id>/remove")
@limited("page")
def ask_remove_clerk(clerk_id: str) -> ResponseReturnValue:
    clerk, store = my_clerk(clerk_id)
    is_last = len(accounts.clerks_of_store(store.id)) == 1
    return page("remove_clerk", clerk=clerk, store=store, is_last=is_last)


@console.post("/clerks/<clerk_id>/remove")
@limited("command")
def remove_clerk(clerk_id: str) -> ResponseReturnValue:
    _clerk, store = my_clerk(clerk_id)
    store_id = store.id
    carry_out(lambda now: clerks.remove_clerk(clerk_id, now=now))
    return back_to(store_id, "clerk_removed")


@console.get("/welcome")
@limited("login_address", by=address)
def welcome() -> ResponseReturnValue:
    return welcome_page(request.args.get("token", ""))


def welcome_page(token: str, failed: Failed | None = None) -> str:
    """Render the form with which a person chooses a password.

    Raises:
        DomainError: `sign_in_link_over` for a link that is unknown, used or too old.
    """
    person_id = sessions.link_person(token, now=clock.now())
    person = accounts.person(person_id) if person_id is not None else None
    if person is None:
        raise DomainError("sign_in_link_over")
    return render_template(
        "console/welcome.html",
        token=token,
        person=person,
        failed=failed,
        least=forms.PASSWORD_MIN,
        most=forms.PASSWORD_MAX,
    )


@console.post("/welcome")
@limited("login_address", by=address)
def choose_password() -> ResponseReturnValue:
    token = request.form.get("token", "")
    person_id = sessions.link_person(token, now=clock.now())
    typed = request.form.get("password", "")[: forms.PASSWORD_MAX]
    session().rollback()
    hashed = slow_calls.run(keys.hash_password, typed) if person_id is not None else ""
    failed = submit(
        forms.PasswordForm,
        lambda _form, now: sessions.use_link(token, password_hash=hashed, now=now),
    )
    if failed:
        return welcome_page(token, failed), 422
    return Response(status=303, headers={"Location": _login_of(person_id or "")})


def _login_of(person_id: str) -> str:
    if any(sessions.has_role(person_id, role) for role in ROLES):
        return "/console/login"
    return "/merchant/login" if sessions.has_role(person_id, "merchant") else "/driver/login"
