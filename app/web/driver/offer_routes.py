"""Duty, shift, and runs on offer: asking for one while askers are ranked, and claiming one."""

import time
from datetime import timedelta
from typing import Any, Final

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import people
from app.config import Settings
from app.domain.act import Act
from app.domain.errors import DomainError
from app.persistence.transaction import session
from app.realtime import publish
from app.runs import asks, offering
from app.runs.offering import Asker
from app.sites import queries as sites
from app.web.commands import carry_out, in_transaction, require_sender
from app.web.driver import commands as bodies
from app.web.driver import whereabouts
from app.web.driver.present import driver_state
from app.web.driver.routes import command, driver, me
from app.web.formats import iso_or_none
from app.web.limits import limited
from app.web.validation import Command, parse_body

#: No request is held for longer, whatever a clock says.
WAIT_MAX_S: Final = 30


@driver.post("/api/duty")
@limited("command")
def set_duty() -> ResponseReturnValue:
    body = parse_body(bodies.SetDuty)
    if body.on_duty and (body.site_id is None or sites.site(body.site_id) is None):
        raise DomainError("not_found")

    def effect(act: Act) -> None:
        people.set_duty(
            me(), is_on_duty=body.on_duty, site_id=body.site_id, now=act.now, shift=body.shift
        )

    result = carry_out(body, principal=f"driver:{me()}", kind="set_duty", effect=effect)
    publish.follow_offers(me(), body.site_id if body.on_duty else None)
    if body.on_duty:
        whereabouts.take(me(), body.position, at=body.occurred_at, now=clock.now())
    else:
        whereabouts.forget(me())
    return jsonify(result=result, state=driver_state(me(), now=clock.now()))


@driver.post("/api/shift")
@limited("command")
def change_shift() -> ResponseReturnValue:
    body = parse_body(bodies.ChangeShift)

    def effect(act: Act) -> None:
        people.set_shift(me(), body.shift, now=act.now)

    return command(body, "change_shift", effect)


@driver.post("/api/runs/<run_id>/ask")
@limited("claim")
def ask(run_id: str) -> ResponseReturnValue:
    body = parse_body(bodies.AskForRun)
    require_sender(f"driver:{me()}")
    _answer_due(run_id)
    whereabouts.take(me(), body.position, at=body.occurred_at, now=clock.now())

    def effect(act: Act) -> dict[str, Any]:
        answer_at = offering.ask(run_id, asker(), act=act)
        return {"run_id": run_id, "answer_at": iso_or_none(answer_at)}

    return command(body, f"ask {run_id}", effect)


@driver.post("/api/runs/<run_id>/withdraw")
@limited("command")
def withdraw(run_id: str) -> ResponseReturnValue:
    body = parse_body(Command)

    def effect(act: Act) -> None:
        offering.withdraw(run_id, driver_id=me(), now=act.now)

    return command(body, f"withdraw {run_id}", effect)


@driver.post("/api/runs/<run_id>/claim")
@limited("claim")
def claim(run_id: str) -> ResponseReturnValue:
    body = parse_body(Command)

    def effect(act: Act) -> dict[str, Any]:
        offering.claim(run_id, asker(), act=act)
        return {"run_id": run_id}

    try:
        return command(body, f"claim {run_id}", effect)
    except DomainError as refusal:
        if refusal.code != "offer_ranked":
            raise
    _wait_for_answer(run_id)
    return command(body, f"claim {run_id}", effect)


def asker() -> Asker:
    """Return this request's driver as somebody who wants a run."""
    return Asker(me(), whereabouts.last_known(me(), now=clock.now()), offer_window())


def offer_window() -> timedelta:
    """Return for how long askers are ranked by fit here."""
    settings: Settings = current_app.extensions["mallrun_settings"]
    return timedelta(seconds=settings.offer_window_s)


def _wait_for_answer(run_id: str) -> None:
    """Ask, and wait until the window is over: a claim within it is no faster than any other.

    Whoever sends claims by hand or by a program gets one plain answer like everybody else.
    """
    answer_at, now = None, clock.now()
    if offer_window():
        act = Act(f"driver:{me()}", occurred_at=now, now=now)
        answer_at = in_transaction(lambda: offering.ask_if_ranked(run_id, asker(), act=act))
    if answer_at is not None:
        # Nothing is held while it sleeps.
        session().rollback()
        time.sleep(min((answer_at - now).total_seconds(), WAIT_MAX_S))
    _answer_due(run_id)


def _answer_due(run_id: str) -> None:
    """Answer those who asked, if their time has come and nobody has: whoever taps loses to them.

    In a transaction of its own, because the refusal of a tap undoes its own.
    """
    if asks.open_asks(run_id):
        in_transaction(lambda: offering.answer(run_id, window=offer_window(), now=clock.now()))
