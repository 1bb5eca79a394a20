"""The merchant's blueprint, its guard, and what every one of its pages has around it."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import sessions
from app.domain.errors import DomainError
from app.persistence.transaction import transaction
from app.web.auth.identity import clear_cookie, guard, signed_in
from app.web.auth.login import add_login
from app.web.limits import limited
from app.web.merchant.scope import CHOICE, ROLES, me, mine
from app.web.tickets import socket_ticket
from app.webhooks import queries as webhooks

merchant = Blueprint("merchant", __name__, url_prefix="/merchant")
guard(merchant, "merchant", open_endpoints=frozenset({"login", "sign_in"}))
add_login(merchant, audience="merchant", roles=ROLES)


def page(name: str, **values: object) -> str:
    """Render a page of the merchant's with its navigation."""
    who = me()
    return render_template(
        f"merchant/{name}.html",
        merchant_name=who.merchant_name,
        merchant_id=who.merchant_id,
        merchants=mine(),
        stopped=[row for row in webhooks.endpoints_of(who.merchant_id) if row.trouble is not None],
        **values,
    )


def has_mail() -> bool:
    """Tell whether this installation writes to people; pages say so where somebody waits for it."""
    return current_app.extensions["mallrun_mail"] is not None


@merchant.post("/switch")
@limited("command")
def switch() -> ResponseReturnValue:
    """Let this browser's pages be about another merchant of the same person."""
    wanted = request.form.get("merchant", "")
    require_mine(wanted)
    return switched(wanted, "/merchant/")


def require_mine(merchant_id: str) -> None:
    """Refuse a merchant for whom this request's person does not act.

    Raises:
        DomainError: `not_found`.
    """
    if merchant_id not in {each.merchant_id for each in mine()}:
        raise DomainError("not_found")


def switched(merchant_id: str, leads_to: str) -> ResponseReturnValue:
    """Go to a page of a merchant, and stay with that merchant."""
    response = make_response(redirect(leads_to, 303))
    response.set_cookie(
        CHOICE,
        merchant_id,
        path="/merchant",
        secure=current_app.extensions["mallrun_settings"].is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


@merchant.get("/ticket")
@limited("state")
def ticket() -> ResponseReturnValue:
    """Return the right to hear of the merchant's deliveries while this sign-in lasts."""
    return {"ticket": socket_ticket("merchant", me().merchant_id, signed_in().session_id)}


@merchant.post("/logout")
@limited("command")
def logout() -> ResponseReturnValue:
    with transaction():
        sessions.end_sessions(now=clock.now(), session_id=signed_in().session_id)
    response = make_response(redirect("/merchant/login", 303))
    clear_cookie(response, "merchant")
    response.delete_cookie(CHOICE, path="/merchant")
    return response
