"""Runs at the console: the page of one, taking it back, and giving it to a driver."""

from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import queries as accounts
from app.runs import dispatching
from app.web.console import forms
from app.web.console.asking import Question, ask
from app.web.console.forms import Failed, submit
from app.web.console.frame import console, page
from app.web.console.present import notice
from app.web.console.run import run_view
from app.web.console.scope import as_me, require_dispatcher
from app.web.limits import limited
from app.web.texts import gettext as _
from app.web.texts import ngettext


def run_page(run_id: str, failed: Failed | None = None) -> str:
    """Render a run's page, with a form that failed in its place."""
    view = run_view(run_id, now=clock.now())
    done = request.args.get("done")
    return page("run", run=view, failed=failed, done=notice(done), undo=_undo(run_id, done))


def _undo(run_id: str, done: str | None) -> str:
    """Return where a split or a merge of a moment ago is undone; empty for nothing."""
    if done == "split":
        return f"/console/runs/{run_id}/merge?{urlencode({'other': request.args.get('other', '')})}"
    if done == "merged":
        moved = [("delivery", each) for each in request.args.getlist("delivery")]
        return f"/console/runs/{run_id}/split?{urlencode(moved)}"
    return ""


@console.get("/runs/<run_id>")
@limited("page")
def run(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return run_page(run_id)


@console.post("/runs/<run_id>/give")
@limited("command")
def give_run(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    run_view(run_id, now=clock.now())
    failed = submit(
        forms.GiveForm,
        lambda form, now: dispatching.assign(
            run_id, driver_id=form.driver, reason=form.reason, act=as_me(now)
        ),
    )
    if failed is not None:
        return run_page(run_id, failed), 422
    return redirect(f"/console/runs/{run_id}?done=given", 303)


@console.get("/runs/<run_id>/take-back")
@limited("page")
def ask_take_back(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return take_back_page(run_id)


def take_back_page(run_id: str, failed: Failed | None = None) -> str:
    """Ask whether a run shall be taken back; say what would become of it.

    Raises:
        DomainError: `not_found`, `run_not_held`.
    """
    plan = dispatching.take_back_plan(run_id)
    person = accounts.person(plan.driver_id)
    name = person.name if person is not None else ""
    waiting, kept = len(plan.waiting), len(plan.kept)
    lines = [
        ngettext(
            "{n} delivery goes on offer again at once, and {driver} is told.",
            "{n} deliveries go on offer again at once, and {driver} is told.",
            waiting,
        ).format(n=waiting, driver=name)
    ]
    if kept:
        text = ngettext(
            "{driver} has the parcels of {n} delivery: it stays, as a run of its own.",
            "{driver} has the parcels of {n} deliveries: they stay, as a run of their own.",
            kept,
        )
        lines.append(text.format(n=kept, driver=name))
    text = _("What {driver} has scanned without signal comes back to {driver} with its proof.")
    return ask(
        Question(
            title=_("Take this run back from {driver}?").format(driver=name),
            lines=(*lines, text.format(driver=name)),
            button=ngettext("Take back {n} delivery", "Take back {n} deliveries", waiting).format(
                n=waiting
            ),
            action=f"/console/runs/{run_id}/take-back",
            back=f"/console/runs/{run_id}",
            back_words=_("Back to the run"),
        ),
        failed,
    )


@console.post("/runs/<run_id>/take-back")
@limited("command")
def take_back(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    run_view(run_id, now=clock.now())
    failed = submit(
        forms.ReasonForm,
        lambda form, now: dispatching.take_back(run_id, reason=form.reason, act=as_me(now)),
    )
    if failed is None:
        return redirect(f"/console/runs/{run_id}?done=taken_back", 303)
    if failed.errors.get(""):
        return run_page(run_id, failed), 422
    return take_back_page(run_id, failed), 422
