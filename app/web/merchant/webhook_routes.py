"""The merchant's webhooks on the page: add, prove, rotate, send again, remove, and every try."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from babel import Locale
from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from app import clock
from app.domain.errors import DomainError
from app.domain.webhooks import Payload, Trouble, secret_text
from app.web.console.forms import Failed, carry_out, submit
from app.web.language import chosen_locale
from app.web.limits import limited
from app.web.merchant.frame import has_mail, merchant, page, require_mine, switched
from app.web.merchant.scope import me
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.times import Times
from app.web.validation import Body
from app.webhooks import queries, service
from app.webhooks.outgoing import Sender

TROUBLES: Final = {
    Trouble.FAILING: N_("Stopped: it took nothing for days"),
    Trouble.GONE: N_("Stopped: it answered 410, gone"),
    Trouble.PAUSED: N_("Stopped"),
}
_DONE: Final = {
    "verified": N_("The address is confirmed. Messages go there from now on."),
    "refused": N_("Not confirmed: the address did not answer with the challenge."),
    "removed": N_("The address is removed."),
    "replayed": N_("What happened in this time is sent again."),
    "again": N_("The message is sent again."),
}
_TRIES_SHOWN: Final = 50


class WebhookForm(Body):
    """A new address."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    payload: Literal["full", "thin"]


class ReplayForm(Body):
    """How far back."""

    hours: Literal["1", "24", "80"]


def sender() -> Sender:
    """Return what sends webhooks here."""
    found: Sender = current_app.extensions["mallrun_webhooks"]
    return found


@merchant.get("/webhooks")
@limited("page")
def webhooks() -> ResponseReturnValue:
    return webhooks_page()


def webhooks_page(failed: Failed | None = None) -> str:
    """Render the addresses and the form for another."""
    rows = [
        {
            "id": row.id,
            "url": row.url,
            "payload": row.payload,
            "is_verified": row.verified_at is not None,
            "trouble": _(TROUBLES[Trouble(row.trouble)]) if row.trouble else "",
        }
        for row in queries.endpoints_of(me().merchant_id)
    ]
    return page("webhooks", webhooks=rows, failed=failed, done=_done(), has_mail=has_mail())


def _done() -> str:
    said = _DONE.get(request.args.get("done", ""))
    return _(said) if said else ""


@merchant.post("/webhooks")
@limited("command")
def add_webhook() -> ResponseReturnValue:
    merchant_id = me().merchant_id
    made: list[str] = []

    def effect(form: WebhookForm, now: datetime) -> None:
        row = service.add(
            form.url,
            merchant_id=merchant_id,
            payload=Payload(form.payload),
            types=[],
            allows_loopback=sender().allows_loopback,
            now=now,
        )
        made[:] = [row.id]

    failed = submit(WebhookForm, effect)
    return (webhooks_page(failed), 422) if failed else secret_page(made[0])


def secret_page(endpoint_id: str, *, is_rotated: bool = False) -> str:
    """Show the newest secret of an address."""
    row = service.own(endpoint_id, me().merchant_id)
    keys = current_app.extensions["mallrun_keys"]
    secret = secret_text(service.secrets_of(row, keys, now=clock.now())[0])
    return page("webhook_secret", webhook=row, secret=secret, is_rotated=is_rotated)


@merchant.get("/webhooks/<endpoint_id>")
@limited("page")
def webhook(endpoint_id: str) -> ResponseReturnValue:
    row = service.own(endpoint_id, me().merchant_id)
    times = Times(now=clock.now(), timezone="UTC", locale=Locale.parse(chosen_locale()))
    tries = [
        {
            "row": each,
            "at": times.dated_clock(each.at),
            "is_good": not each.error,
            "said": str(each.status) if each.status is not None else each.error,
        }
        for each in queries.attempts_of(row.id, limit=_TRIES_SHOWN)
    ]
    return page(
        "webhook",
        webhook=row,
        trouble=_(TROUBLES[Trouble(row.trouble)]) if row.trouble else "",
        counts=queries.counts_of(row.id),
        tries=tries,
        done=_done(),
    )


@merchant.get("/for/<merchant_id>/webhooks/<endpoint_id>")
@limited("page")
def webhook_for(merchant_id: str, endpoint_id: str) -> ResponseReturnValue:
    """Open a webhook from a mail, whichever of several merchants the pages were about before.

    The merchant stands in the path, so that it is still there after signing in.
    """
    require_mine(merchant_id)
    return switched(merchant_id, f"/merchant/webhooks/{service.own(endpoint_id, merchant_id).id}")


def back_to(endpoint_id: str, done: str) -> ResponseReturnValue:
    """Go to an address's page and say what was done."""
    return redirect(f"/merchant/webhooks/{endpoint_id}?done={done}", 303)


@merchant.post("/webhooks/<endpoint_id>/verify")
@limited("webhook_test")
def verify_webhook(endpoint_id: str) -> ResponseReturnValue:
    merchant_id, now = me().merchant_id, clock.now()
    row = service.own(endpoint_id, merchant_id)
    keys = current_app.extensions["mallrun_keys"]
    if not service.ask_to_prove(row, sender(), keys, now=now):
        return back_to(endpoint_id, "refused")
    carry_out(lambda at: service.mark_verified(endpoint_id, merchant_id=merchant_id, now=at))
    return back_to(endpoint_id, "verified")


@merchant.post("/webhooks/<endpoint_id>/rotate")
@limited("command")
def rotate_webhook(endpoint_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id
    carry_out(lambda now: service.rotate_secret(endpoint_id, merchant_id=merchant_id, now=now))
    return secret_page(endpoint_id, is_rotated=True)


@merchant.post("/webhooks/<endpoint_id>/replay")
@limited("command")
def replay_webhook(endpoint_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id

    def effect(form: ReplayForm, now: datetime) -> None:
        since = now - timedelta(hours=int(form.hours))
        service.replay_span(endpoint_id, since, now, merchant_id=merchant_id, now=now)

    failed = submit(ReplayForm, effect)
    if failed:
        raise DomainError("webhook_not_verified")
    return back_to(endpoint_id, "replayed")


@merchant.post("/webhooks/<endpoint_id>/messages/<message_id>/replay")
@limited("command")
def replay_message(endpoint_id: str, message_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id
    carry_out(
        lambda now: service.replay_one(endpoint_id, message_id, merchant_id=merchant_id, now=now)
    )
    return back_to(endpoint_id, "again")


@merchant.post("/webhooks/<endpoint_id>/remove")
@limited("command")
def remove_webhook(endpoint_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id
    carry_out(lambda now: service.remove(endpoint_id, merchant_id=merchant_id, now=now))
    return redirect("/merchant/webhooks?done=removed", 303)
