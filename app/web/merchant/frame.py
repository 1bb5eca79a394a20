"""The merchant's blueprint, its guard, and what every one of its pages has around it."""

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import sessions
from app.persistence.transaction import transaction
from app.web.auth.identity import clear_cookie, guard, signed_in
from app.web.auth.login import add_login
from app.web.limits import limited
from app.web.merchant.scope import ROLES, me

merchant = Blueprint("merchant", __name__, url_prefix="/merchant")
guard(merchant, "merchant", open_endpoints=frozenset({"login", "sign_in"}))
add_login(merchant, audience="merchant", roles=ROLES)


def page(name: str, **values: object) -> str:
    """Render a page of the merchant's with its navigation."""
    return render_template(f"merchant/{name}.html", merchant_name=me().merchant_name, **values)


@merchant.post("/logout")
@limited("command")
def logout() -> ResponseReturnValue:
    with transaction():
        sessions.end_sessions(now=clock.now(), session_id=signed_in().session_id)
    response = make_response(redirect("/merchant/login", 303))
    clear_cookie(response, "merchant")
    return response
