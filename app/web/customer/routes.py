"""The tracking page: for whoever holds the link, nothing more and nothing longer than allowed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from app import clock
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.checkpoint import is_anchor
from app.domain.delivery import INSTRUCTIONS_MAX, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.events import FOR_PROOFS
from app.domain.parcel_markup import Announced, parcel_delivery
from app.eventlog.proof import delivery_proof
from app.extensions import limiter
from app.handoffs import queries as handoffs
from app.keys import Keys
from app.persistence.transaction import transaction
from app.sites.qr_codes import qr_svg
from app.tracking.custody import custody_view
from app.tracking.customer_code import customer_code
from app.tracking.links import tracked_delivery
from app.tracking.queries import is_link_over, tracking_view
from app.web.auth.identity import declare_guard
from app.web.commands import carry_out
from app.web.customer.custody import present_custody
from app.web.customer.present import present
from app.web.language import chosen_locale
from app.web.limits import address, limited, rate
from app.web.problems import problem_response, wants_page
from app.web.proof import proof_document
from app.web.state import state_response
from app.web.texts import gettext as _
from app.web.tickets import link_ticket
from app.web.times import kept_together
from app.web.validation import Body, Command, Note, parse_body

customer = Blueprint("customer", __name__, url_prefix="/t")
customer.record_once(lambda state: declare_guard(state.app, "customer", "tracking link"))


class InstructionsForm(Body):
    """What the customer tells the driver, from the page's form."""

    instructions: Note
    leave_at_door: bool


class ChangeInstructions(Command):
    """The same as a command."""

    instructions: Note
    leave_at_door: bool


@dataclass(frozen=True, slots=True)
class Tracked:
    """The delivery of a right link."""

    row: Delivery
    token: str


def token() -> str:
    """Return the link's token, for counting per link."""
    return f"link:{(request.view_args or {}).get('token', '')[:60]}"


def tracked(token: str) -> Tracked:
    """Return the delivery of a link.

    Raises:
        DomainError: `link_ended` for a wrong, revoked or day-old link; misses are counted per
            address.
    """
    keys: Keys = current_app.extensions["mallrun_keys"]
    row = tracked_delivery(token, keys.mac("tracking"))
    if row is None:
        _count_miss()
        raise DomainError("link_ended")
    if is_link_over(row, now=clock.now()):
        raise DomainError("link_ended")
    return Tracked(row, token)


def _count_miss() -> None:
    # Shared by all addresses below a link: each of them is a way to guess.
    kind = "tracking_miss"
    with limiter.shared_limit(lambda: rate(kind), scope=kind, key_func=address):
        pass


def _markup(state: dict[str, Any], token: str) -> dict[str, Any]:
    """Return what programs of the customer's read: only what the page says anyway."""
    url = current_app.extensions["mallrun_settings"].public_url
    window = state["window"]
    return parcel_delivery(
        Announced(
            tracking_url=f"{url}/t/{token}",
            store=state["store"]["name"],
            status=DeliveryStatus(state["status"]),
            headline=state["headline"],
            window_from=datetime.fromisoformat(window["from"]),
            window_until=datetime.fromisoformat(window["until"]),
        )
    )


def _state(found: Tracked) -> dict[str, Any]:
    now = clock.now()
    keys: Keys = current_app.extensions["mallrun_keys"]
    view = tracking_view(
        found.row, current_app.extensions["mallrun_positions"], pin_mac=keys.mac("pin"), now=now
    )
    return present(
        view,
        now=now,
        locale=chosen_locale().replace("_", "-"),
        address=f"/t/{found.token}",
        ticket=link_ticket(found.row),
    )


@customer.errorhandler(DomainError)
def ended(error: DomainError) -> ResponseReturnValue:
    if error.code == "link_ended" and wants_page():
        return render_template("customer/ended.html"), error.problem.status
    return problem_response(error.code, dict(error.facts))


@customer.get("/<token>")
@limited("tracking", by=token)
def page(token: str) -> ResponseReturnValue:
    state = _state(tracked(token))
    return render_template(
        "customer/tracking.html",
        headline=kept_together(state["headline"]),
        state=state,
        markup=_markup(state, token),
        address=f"/t/{token}",
        saved="saved" in request.args,
        instructions_max=INSTRUCTIONS_MAX,
    )


@customer.get("/<token>/state")
@limited("tracking", by=token)
def state(token: str) -> ResponseReturnValue:
    return state_response(_state(tracked(token)))


@customer.post("/<token>/instructions")
@limited("tracking", by=token)
def instructions(token: str) -> ResponseReturnValue:
    found = tracked(token)
    delivery_id = found.row.id
    if request.is_json:
        body = parse_body(ChangeInstructions)
        carry_out(
            body,
            principal=_principal(delivery_id),
            kind=f"instructions {delivery_id}",
            effect=lambda act: _change(delivery_id, body, act),
        )
        return {"result": {}, "state": _state(tracked(token))}
    form = InstructionsForm(
        instructions=request.form.get("instructions", "").replace("\r\n", "\n"),
        leave_at_door="leave_at_door" in request.form,
    )
    now = clock.now()
    with transaction():
        _change(delivery_id, form, Act(_principal(delivery_id), now, now))
    return redirect(f"/t/{token}?saved=1", 303)


def _principal(delivery_id: str) -> str:
    return f"customer:{delivery_id}"


def _change(delivery_id: str, wish: "InstructionsForm | ChangeInstructions", act: Act) -> None:
    delivery_service.change_instructions(
        delivery_id, instructions=wish.instructions, leave_at_door=wish.leave_at_door, act=act
    )


@customer.get("/<token>/code.svg")
@limited("tracking", by=token)
def code(token: str) -> ResponseReturnValue:
    found = tracked(token)
    keys: Keys = current_app.extensions["mallrun_keys"]
    now = clock.now()
    view = tracking_view(
        found.row, current_app.extensions["mallrun_positions"], pin_mac=keys.mac("pin"), now=now
    )
    if view.pin is None:
        raise DomainError("not_found")
    text = customer_code(found.row, keys)
    response = make_response(str(qr_svg(text, title=_("Code for the driver"))))
    response.mimetype = "image/svg+xml"
    return response


@customer.get("/<token>/custody")
@limited("tracking", by=token)
def custody(token: str) -> ResponseReturnValue:
    found = tracked(token)
    view = present_custody(custody_view(found.row), now=clock.now(), locale=chosen_locale())
    return render_template("customer/custody.html", custody=view, address=f"/t/{token}")


@customer.get("/<token>/proof")
@limited("proof", by=token)
def log_proof(token: str) -> ResponseReturnValue:
    """Hand out the proof of the delivery's history, and of the beginning that `anchor` names."""
    row = tracked(token).row
    anchor = request.args.get("anchor", "")
    if anchor and not is_anchor(anchor):
        raise DomainError("bad_request")
    keys: Keys = current_app.extensions["mallrun_keys"]
    found = delivery_proof(row.id, anchor=anchor or None)
    return proof_document(found, handle=row.handle, keys=keys, readable=FOR_PROOFS)


@customer.get("/<token>/proof.jpg")
@limited("tracking", by=token)
def proof(token: str) -> ResponseReturnValue:
    found = handoffs.final_proof(tracked(token).row.id)
    content = current_app.extensions["mallrun_blobs"].get(found.blob_key) if found else None
    if content is None:
        raise DomainError("not_found")
    response = Response(content, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = "inline; filename=delivered.jpg"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
