"""The sign-in form of an audience: one page, one POST, plain words when it fails."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock, keys, slow_calls
from app.accounts import people, sessions
from app.domain.errors import DomainError
from app.persistence.transaction import session, transaction
from app.web.auth.identity import PATHS, set_cookie
from app.web.language import chosen_language
from app.web.limits import View, address, limited
from app.web.problems import words_of
from app.web.texts import N_
from app.web.texts import gettext as _

TITLES: Final = {
    "driver": N_("Sign in to drive"),
    "console": N_("Sign in to the console"),
    "merchant": N_("Sign in for merchants"),
}
#: A password longer than this is not hashed: it would only cost time.
_PASSWORD_MAX: Final = 200


def add_login(blueprint: Blueprint, *, audience: str, roles: frozenset[str]) -> None:
    """Add GET and POST `/login` to a blueprint, open to people with one of the roles."""

    @blueprint.get("/login")
    @limited("page", by=address)
    @_named_for(audience)
    def login() -> ResponseReturnValue:
        if current_user.is_authenticated:
            return redirect(_next(audience))
        return _form(audience, login="", refusal=None)

    @blueprint.post("/login")
    @limited("login_address", by=address)
    @limited("login", by=lambda: f"login:{request.form.get('login', '').strip().lower()[:200]}")
    @_named_for(audience)
    def sign_in() -> ResponseReturnValue:
        login = request.form.get("login", "")[:200]
        password = request.form.get("password", "")[:_PASSWORD_MAX]
        try:
            person_id = sessions.check_login(login, password, matches=_matches)
            _require_role(person_id, roles)
        except DomainError as refusal:
            return Response(_form(audience, login=login, refusal=refusal), refusal.problem.status)
        return _open(audience, person_id)


def _named_for(audience: str) -> Callable[[View], View]:
    """Give a view a name of its own: limits are kept by name, and would be counted per audience."""

    def rename(view: View) -> View:
        view.__qualname__ = f"{view.__qualname__}.{audience}"
        return view

    return rename


def _require_role(person_id: str, roles: frozenset[str]) -> None:
    """Refuse people without a role here in the same words as a wrong password."""
    if not any(sessions.has_role(person_id, role) for role in roles):
        raise DomainError("bad_credentials")


def _matches(password_hash: str, password: str) -> bool:
    return slow_calls.run(keys.password_matches, password_hash, password)


def _open(audience: str, person_id: str) -> Response:
    # What the check has read ends here; the new session is the only write.
    session().rollback()
    with transaction():
        new = sessions.open_session(audience, now=clock.now(), person_id=person_id)
        people.note_language(person_id, chosen_language())
    response = current_app.make_response(redirect(_next(audience), 303))
    set_cookie(response, audience, new)
    return response


def _form(audience: str, *, login: str, refusal: DomainError | None) -> str:
    words = words_of(refusal.code, dict(refusal.facts)) if refusal is not None else None
    return render_template(
        "auth/login.html",
        title=_(TITLES[audience]),
        audience=audience,
        action=f"{PATHS[audience]}/login",
        next=_next(audience),
        login=login,
        refusal=words,
        code=refusal.code if refusal is not None else "",
        is_again="again" in request.args,
    )


def _next(audience: str) -> str:
    """Return where to go after signing in: a path of this audience, never another site."""
    home = f"{PATHS[audience]}/"
    wanted = request.values.get("next", home)
    # Line breaks and the like have no place in an address, and would end a header.
    is_own = wanted.startswith(home) and "\\" not in wanted and wanted.isprintable()
    return wanted if is_own else home
