"""The start page, open to everybody; in a demo also the doors into it."""

from pathlib import Path
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import devices
from app.config import Settings
from app.demo import queries as demo
from app.demo import simulator
from app.demo.tools import DemoTools
from app.domain.errors import DomainError
from app.persistence.transaction import transaction
from app.sites import queries as sites
from app.web.auth.identity import declare_guard
from app.web.limits import address, limited
from app.web.start.present import Enrolment, demo_of, enrolment_of, link_to, network_of
from app.web.texts import gettext as _

#: It stands at the top of the repository, where whoever reads the code looks for it.
VERIFIER: Final = Path(__file__).resolve().parents[3] / "verify_proof.py"

start = Blueprint("start", __name__)
start.record_once(lambda state: declare_guard(state.app, "start", "public"))


def settings() -> Settings:
    """Return the installation's settings."""
    found: Settings = current_app.extensions["mallrun_settings"]
    return found


def require_demo() -> DemoTools:
    """Return the demo's tools.

    Raises:
        DomainError: `not_found` where the demo was not seeded: then these addresses do not exist.
    """
    if not demo.is_demo():
        raise DomainError("not_found")
    return DemoTools.of(current_app.extensions)


def page(
    *, site_id: str | None, run_id: str | None = None, enrolment: Enrolment | None = None
) -> str:
    """Render the start page, in a demo at the chosen mall."""
    origin = settings().public_url
    tools = DemoTools.of(current_app.extensions)
    return render_template(
        "start/index.html",
        origin=origin,
        network=network_of(settings()),
        driver=link_to(f"{origin}/driver/", _("Code for the driver app")),
        desk=link_to(f"{origin}/desk/", _("Code for the store's tablet")),
        certificate=link_to(f"{origin}/ca.crt", _("Code for the certificate")),
        demo=demo_of(tools, settings(), site_id=site_id, run_id=run_id),
        enrolment=enrolment,
    )


@start.get("/")
@limited("page", by=address)
def index() -> ResponseReturnValue:
    return page(site_id=request.args.get("mall"), run_id=request.args.get("run"))


@start.get("/ca.crt")
@limited("page", by=address)
def ca_certificate() -> ResponseReturnValue:
    path = settings().tls_ca
    if path is None:
        raise DomainError("not_found")
    return send_file(path, "application/x-x509-ca-cert", as_attachment=True, download_name="ca.crt")


@start.get("/verify_proof.py")
@limited("page", by=address)
def verifier() -> ResponseReturnValue:
    """Hand out the script that checks a proof without any server."""
    return send_file(VERIFIER, "text/x-python", as_attachment=True)


@start.post("/demo/tablet")
@limited("demo", by=address)
def enrol_tablet() -> ResponseReturnValue:
    require_demo()
    desk = sites.desk(request.form.get("desk_id", ""))
    store = sites.store(desk.store_id) if desk is not None else None
    if desk is None or store is None:
        raise DomainError("not_found")
    site_id, now = store.site_id, clock.now()
    with transaction():
        code = devices.make_desk_enrolment(desk.id, now=now)
    if request.form.get("where") != "other":
        return redirect(f"/desk/#code={code}", 303)
    return page(site_id=site_id, enrolment=enrolment_of(code, settings()))


@start.post("/demo/drive")
@limited("demo", by=address)
def simulate() -> ResponseReturnValue:
    tools, now = require_demo(), clock.now()
    site_id = request.form.get("site_id", "")
    with transaction():
        ride = simulator.begin(site_id, tools, now=now)
    return redirect(f"/?mall={site_id}&run={ride.run_id}#ride", 303)
