"""What a dispatcher decides about a delivery; each with a reason, in one transaction."""

from datetime import datetime

from flask import redirect
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.errors import DomainError
from app.handoffs import deciding, incidents
from app.web.console import forms
from app.web.console.delivery_routes import delivery_page
from app.web.console.dossier import dossier_of
from app.web.console.forms import Failed, carry_out, submit
from app.web.console.frame import console, page
from app.web.console.handoffs import doubtful
from app.web.console.scope import as_me, my_delivery, require_dispatcher
from app.web.limits import limited


def require_incident(delivery_id: str, incident_id: str) -> None:
    """Let a dispatcher decide about an incident of a delivery.

    Raises:
        DomainError: `not_found`.
    """
    require_dispatcher()
    row = incidents.incident(incident_id)
    if row is None or row.delivery_id != delivery_id:
        raise DomainError("not_found")


def answer(delivery_id: str, failed: Failed | None, done: str) -> ResponseReturnValue:
    """Answer a decision: the page again with what was wrong, or the way back to it."""
    if failed is not None:
        return delivery_page(delivery_id, failed), 422
    return redirect(f"/console/deliveries/{delivery_id}?done={done}", 303)


@console.post("/deliveries/<delivery_id>/incidents/<incident_id>/rule")
@limited("command")
def rule_custody(delivery_id: str, incident_id: str) -> ResponseReturnValue:
    require_incident(delivery_id, incident_id)

    def effect(form: forms.RulingForm, now: datetime) -> None:
        choice, _colon, driver_id = form.choice.partition(":")
        deciding.rule_custody(
            incident_id,
            driver_id=driver_id,
            has=choice == "has",
            reason=form.reason,
            act=as_me(now),
        )

    failed = submit(forms.RulingForm, effect, about=incident_id)
    return answer(delivery_id, failed, "ruled")


@console.post("/deliveries/<delivery_id>/incidents/<incident_id>/close")
@limited("command")
def close_incident(delivery_id: str, incident_id: str) -> ResponseReturnValue:
    require_incident(delivery_id, incident_id)
    failed = submit(
        forms.ReasonForm,
        lambda form, now: deciding.close_seen(incident_id, reason=form.reason, act=as_me(now)),
        about=incident_id,
    )
    return answer(delivery_id, failed, "closed")


@console.post("/deliveries/<delivery_id>/incidents/<incident_id>/reopen")
@limited("command")
def reopen_incident(delivery_id: str, incident_id: str) -> ResponseReturnValue:
    require_incident(delivery_id, incident_id)
    carry_out(lambda now: deciding.reopen(incident_id, act=as_me(now)))
    return answer(delivery_id, None, "reopened")


@console.get("/deliveries/<delivery_id>/statements/<statement_id>")
@limited("page")
def ask_judge(delivery_id: str, statement_id: str) -> ResponseReturnValue:
    return judge_page(delivery_id, statement_id)


def judge_page(delivery_id: str, statement_id: str, failed: Failed | None = None) -> str:
    """Render the question whether a statement of doubtful time counts.

    Raises:
        DomainError: `not_found`, also when it counts already.
    """
    require_dispatcher()
    row, store = my_delivery(delivery_id)
    said = doubtful(dossier_of(row, store, is_full=True, now=clock.now()), statement_id)
    if said is None:
        raise DomainError("not_found")
    return page("judge_statement", delivery_id=delivery_id, said=said, failed=failed)


@console.post("/deliveries/<delivery_id>/statements/<statement_id>")
@limited("command")
def judge_statement(delivery_id: str, statement_id: str) -> ResponseReturnValue:
    require_dispatcher()
    my_delivery(delivery_id)
    done = ["ignored"]

    def effect(form: forms.VerdictForm, now: datetime) -> None:
        does_count = form.counts == "yes"
        deciding.judge_statement(
            delivery_id, statement_id, counts=does_count, reason=form.reason, act=as_me(now)
        )
        done[0] = "counted" if does_count else "ignored"

    failed = submit(forms.VerdictForm, effect)
    if failed is not None and not failed.errors.get(""):
        return judge_page(delivery_id, statement_id, failed), 422
    return answer(delivery_id, failed, done[0])
