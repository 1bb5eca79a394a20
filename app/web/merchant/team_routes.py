"""Who else acts for the merchant."""

from datetime import datetime
from typing import Annotated, Final

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from app.accounts import people, sessions
from app.accounts import queries as accounts
from app.domain.errors import DomainError
from app.notify import service as notify
from app.web.console.forms import Failed, carry_out, submit
from app.web.language import chosen_language
from app.web.limits import limited
from app.web.merchant.frame import has_mail, merchant, page
from app.web.merchant.scope import me
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.validation import Body, Name

_DONE: Final = {
    "added": N_("They have access now, and sign in with the password they have."),
    "removed": N_("They have no access any more."),
}
ROLE: Final = "merchant"


class MemberForm(Body):
    """Somebody more."""

    person_name: Name
    email: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True,
            to_lower=True,
            max_length=200,
            pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$",
        ),
    ]


@merchant.get("/team")
@limited("page")
def team() -> ResponseReturnValue:
    return team_page()


def team_page(failed: Failed | None = None) -> str:
    """Render the team and the form for somebody more."""
    who = me()
    said = _DONE.get(request.args.get("done", ""))
    return page(
        "team",
        people=accounts.people_with_role(ROLE, who.merchant_id),
        me_id=who.person_id,
        failed=failed,
        done=_(said) if said else "",
    )


@merchant.post("/team")
@limited("invite")
def add_member() -> ResponseReturnValue:
    merchant_id = me().merchant_id
    tokens: list[str] = []

    def effect(form: MemberForm, now: datetime) -> None:
        tokens[:] = _given_access(form, merchant_id, now=now)

    failed = submit(MemberForm, effect)
    if failed:
        return team_page(failed), 422
    if not tokens:
        return redirect("/merchant/team?done=added", 303)
    url = current_app.extensions["mallrun_settings"].public_url
    link = f"{url}/console/welcome?token={tokens[0]}"
    return page("member_link", link=link, has_mail=has_mail())


def _given_access(form: MemberForm, merchant_id: str, *, now: datetime) -> list[str]:
    """Let somebody act for a merchant; return the token of their link, none for somebody known."""
    known = accounts.person_by_login(form.email)
    if known is not None:
        # No link for an account that somebody has: it would set a new password.
        if (ROLE, merchant_id) not in accounts.roles_of(known.id):
            people.grant_role(known.id, ROLE, merchant_id)
        return []
    person = people.add_person(form.person_name, email=form.email, phone=None, now=now)
    # Until they sign in themselves: whoever invites most likely shares it.
    people.note_language(person.id, chosen_language())
    people.grant_role(person.id, ROLE, merchant_id)
    token = sessions.make_sign_in_link(person.id, now=now)
    if has_mail():
        notify.welcome(person.id, token, current_app.extensions["mallrun_keys"], now=now)
    return [token]


@merchant.post("/team/<person_id>/remove")
@limited("command")
def remove_member(person_id: str) -> ResponseReturnValue:
    who = me()
    if person_id not in {row.id for row in accounts.people_with_role(ROLE, who.merchant_id)}:
        raise DomainError("not_found")
    if person_id == who.person_id:
        raise DomainError("team_member_self")

    def effect(now: datetime) -> None:
        people.take_role(person_id, ROLE, who.merchant_id)
        sessions.end_sessions(now=now, person_id=person_id, audience="merchant")

    carry_out(effect)
    return redirect("/merchant/team?done=removed", 303)
