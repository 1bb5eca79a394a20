"""Whose driver somebody is: a hub's own people bring its parcels, and work nowhere else."""

from typing import Annotated

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from app.accounts import people
from app.accounts import queries as accounts
from app.accounts.queries import Person
from app.domain.site import SiteKind
from app.sites import queries as sites
from app.web.console.driver_routes import require_driver
from app.web.console.forms import Failed, submit
from app.web.console.frame import console, page
from app.web.console.scope import require_dispatcher
from app.web.limits import limited
from app.web.texts import gettext as _
from app.web.validation import Body


class HubForm(Body):
    """The hub a driver belongs to, or `none`."""

    hub: Annotated[str, StringConstraints(pattern=r"^(none|sit_[a-z2-7]{26})$")]


@console.get("/drivers/<driver_id>/hub")
@limited("page")
def ask_hub(driver_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return hub_page(require_driver(driver_id))


def hub_page(person: Person, failed: Failed | None = None) -> str:
    """Render the choice of a driver's hub."""
    hubs = sites.sites_of_kind(SiteKind.HUB.value)
    return page(
        "driver_hub",
        driver_id=person.id,
        driver_name=person.name,
        hub_id=accounts.hub_of(person.id) or "none",
        hubs=[
            ("none", _("No hub: any mall, shop and station")),
            *((hub.id, hub.name) for hub in hubs),
        ],
        failed=failed,
    )


@console.post("/drivers/<driver_id>/hub")
@limited("command")
def set_hub(driver_id: str) -> ResponseReturnValue:
    require_dispatcher()
    person = require_driver(driver_id)
    failed = submit(
        HubForm,
        lambda form, _now: people.attach_to_hub(
            driver_id, None if form.hub == "none" else form.hub
        ),
    )
    if failed is not None:
        return hub_page(person, failed), 422
    return redirect(url_for("console.drivers", done="hub_set"), 303)
