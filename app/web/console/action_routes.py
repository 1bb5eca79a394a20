"""What a dispatcher does with one delivery: it asks first, with the consequence and a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import redirect
from flask.typing import ResponseReturnValue

from app.deliveries import queries as deliveries
from app.deliveries import renewing, showing
from app.handoffs import losing
from app.web.console import forms
from app.web.console.asking import Question, ask, to_delivery
from app.web.console.delivery_routes import delivery_page
from app.web.console.forms import Failed, submit
from app.web.console.frame import console, page
from app.web.console.scope import as_me, my_delivery, require_dispatcher
from app.web.limits import limited
from app.web.texts import N_
from app.web.texts import gettext as _


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do with a delivery: its question, and the service that does it."""

    title: str
    lines: tuple[str, ...]
    button: str
    effect: Callable[..., None]
    is_final: bool = True


ACTIONS: Final = {
    "lost": Action(
        N_("Mark this delivery as lost?"),
        (
            N_("The driver leaves it out, and the customer reads that the parcels are missing."),
            N_("The customer's own code or PIN still counts if it arrives later."),
            N_("You can take the mark back."),
        ),
        N_("Mark as lost"),
        losing.mark_lost,
        is_final=False,
    ),
    "found": Action(
        N_("Take the mark as lost back?"),
        (N_("The delivery goes on where its handoffs have brought it, with whoever had it last."),),
        N_("It is not lost: go on"),
        losing.mark_found,
        is_final=False,
    ),
    "link": Action(
        N_("Replace the tracking link?"),
        (
            N_("Whoever has the present link sees nothing more, at once. It cannot come back."),
            N_("The new link is not shown here, and no message brings it to the customer yet."),
        ),
        N_("Replace it: the old link stops"),
        renewing.reissue_link,
    ),
    "pin": Action(
        N_("Replace the PIN?"),
        (
            N_("The customer's page shows the new PIN and says that it was changed."),
            N_("Wrong tries stay counted: a locked PIN stays locked."),
            N_("A PIN that a driver without signal has entered already will count as wrong."),
        ),
        N_("Replace it: the old PIN stops"),
        renewing.rotate_pin,
    ),
}


def action_page(delivery_id: str, name: str, failed: Failed | None = None) -> str:
    """Ask whether something shall be done with a delivery."""
    action = ACTIONS[name]
    return ask(
        Question(
            title=_(action.title),
            lines=tuple(_(line) for line in action.lines),
            button=_(action.button),
            action=f"/console/deliveries/{delivery_id}/{name}",
            back=f"/console/deliveries/{delivery_id}",
            back_words=to_delivery(),
            is_final=action.is_final,
        ),
        failed,
    )


@console.get("/deliveries/<delivery_id>/<any(lost, found, link, pin):name>")
@limited("page")
def ask_action(delivery_id: str, name: str) -> ResponseReturnValue:
    require_dispatcher()
    my_delivery(delivery_id)
    return action_page(delivery_id, name)


@console.post("/deliveries/<delivery_id>/<any(lost, found, link, pin):name>")
@limited("command")
def act(delivery_id: str, name: str) -> ResponseReturnValue:
    require_dispatcher()
    my_delivery(delivery_id)
    failed = submit(
        forms.ReasonForm,
        lambda form, now: ACTIONS[name].effect(delivery_id, reason=form.reason, act=as_me(now)),
    )
    if failed is None:
        return redirect(f"/console/deliveries/{delivery_id}?done={name}", 303)
    if failed.errors.get(""):
        return delivery_page(delivery_id, failed), 422
    return action_page(delivery_id, name, failed), 422


@console.get("/deliveries/<delivery_id>/recipient")
@limited("page")
def ask_recipient(delivery_id: str) -> ResponseReturnValue:
    require_dispatcher()
    my_delivery(delivery_id)
    return recipient_question(delivery_id)


def recipient_question(delivery_id: str, failed: Failed | None = None) -> str:
    """Ask why somebody wants to read a customer's name, phone and address."""
    return ask(
        Question(
            title=_("Show name, phone and address?"),
            lines=(_("Look only if you have to call the customer or send somebody there."),),
            button=_("Show: it is put on record"),
            action=f"/console/deliveries/{delivery_id}/recipient",
            back=f"/console/deliveries/{delivery_id}",
            back_words=to_delivery(),
            is_final=False,
        ),
        failed,
    )


@console.post("/deliveries/<delivery_id>/recipient")
@limited("command")
def show_recipient(delivery_id: str) -> ResponseReturnValue:
    require_dispatcher()
    row, _store = my_delivery(delivery_id)
    city = f"{row.city} {row.postal_code}"
    failed = submit(
        forms.ReasonForm,
        lambda form, now: showing.show_recipient(delivery_id, reason=form.reason, act=as_me(now)),
    )
    if failed is not None:
        return recipient_question(delivery_id, failed), 422
    person = deliveries.recipient(delivery_id)
    return page("recipient", delivery_id=delivery_id, person=person, city=city)
