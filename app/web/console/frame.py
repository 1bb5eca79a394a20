"""The console's blueprint, its guard, and what every one of its pages has around it."""

from flask import Blueprint, render_template

from app.handoffs import incidents
from app.web.auth.identity import guard
from app.web.auth.login import add_login
from app.web.console.scope import ROLES, my_scope

console = Blueprint("console", __name__, url_prefix="/console")
guard(
    console,
    "console",
    open_endpoints=frozenset({"login", "sign_in", "welcome", "choose_password"}),
)
add_login(console, audience="console", roles=ROLES)


def page(name: str, **values: object) -> str:
    """Render a page of the console with the navigation this person has."""
    is_dispatcher = my_scope().is_everything
    return render_template(
        f"console/{name}.html",
        is_dispatcher=is_dispatcher,
        waiting_count=incidents.count_waiting() if is_dispatcher else 0,
        **values,
    )
