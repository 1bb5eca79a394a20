"""Runs put together by hand at the console: pinning, splitting, merging, each with its cost."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app import clock
from app.deliveries import queries as deliveries
from app.domain.errors import DomainError
from app.domain.tracking_answer import Span
from app.runs import queries as runs
from app.runs import shaping
from app.runs.queries import Run
from app.sites import queries as sites
from app.web.console import forms
from app.web.console.asking import Question, ask
from app.web.console.day import delivery_rows
from app.web.console.forms import Failed, submit
from app.web.console.frame import console, page
from app.web.console.present import times_of
from app.web.console.run_routes import run_page
from app.web.console.scope import as_me, require_dispatcher
from app.web.console.why import change_lines, order_words
from app.web.limits import limited
from app.web.texts import gettext as _
from app.web.texts import ngettext

#: More runs than a dispatcher reads through; those with the nearest windows come first.
MERGE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, with what tells it from the others."""

    value: str
    words: str
    hint: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """A page that asks what to choose before it asks whether to do it."""

    title: str
    lead: str
    name: str
    is_many: bool
    choices: tuple[Choice, ...]
    empty: str
    action: str
    back: str


def _run(run_id: str) -> Run:
    found = runs.run(run_id)
    if found is None:
        raise DomainError("not_found")
    return found


@console.post("/runs/<run_id>/<any(pin, unpin):name>")
@limited("command")
def pin_run(run_id: str, name: str) -> ResponseReturnValue:
    require_dispatcher()
    _run(run_id)
    failed = submit(
        forms.ReasonForm,
        lambda form, now: shaping.pin(
            run_id, is_pinned=name == "pin", reason=form.reason, act=as_me(now)
        ),
    )
    if failed is not None:
        return run_page(run_id, failed), 422
    done = "pinned" if name == "pin" else "unpinned"
    return redirect(f"/console/runs/{run_id}?done={done}", 303)


@console.post("/runs/<run_id>/show")
@limited("command")
def show_run(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    _run(run_id)
    failed = submit(forms.ShowForm, lambda _form, now: shaping.show_now(run_id, act=as_me(now)))
    if failed is not None:
        return run_page(run_id, failed), 422
    return redirect(f"/console/runs/{run_id}?done=shown", 303)


@console.get("/runs/<run_id>/split")
@limited("page")
def ask_split(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return split_page(_run(run_id), _chosen())


def _chosen() -> list[str]:
    """Return the orders that are named in the address."""
    return request.args.getlist("delivery")


def split_page(run: Run, chosen: list[str], failed: Failed | None = None) -> str:
    """Ask which orders shall leave, or, once they are chosen, whether, with what it costs.

    Raises:
        DomainError: `run_not_on_offer`, `split_needs_two`.
    """
    back = f"/console/runs/{run.id}"
    if not chosen:
        return page("choose_shape", choosing=_orders(run))
    change = shaping.split_change(run.id, chosen, now=clock.now())
    n = len(chosen)
    return ask(
        Question(
            title=ngettext(
                "Let {n} order leave in a run of its own?",
                "Let {n} orders leave in a run of their own?",
                n,
            ).format(n=n),
            lines=(*change_lines(change, run.currency), *_afterwards()),
            button=_("Split the run"),
            action=f"{back}/split?{urlencode([('delivery', each) for each in chosen])}",
            back=back,
            back_words=_("Back to the run"),
            is_final=False,
        ),
        failed,
    )


def _afterwards() -> tuple[str, ...]:
    return (
        _("Tips stay with their orders. What you put together is pinned until you unpin it."),
        _("You can undo it as long as no driver has the run."),
    )


def _orders(run: Run) -> Choosing:
    site = sites.site(run.site_id)
    if site is None:
        raise DomainError("not_found")
    times = times_of(site, now=clock.now())
    rows = delivery_rows(deliveries.deliveries_of_run(run.id), times, now=clock.now())
    return Choosing(
        title=_("Which orders shall leave?"),
        lead=_("They leave in a run of their own. What it costs is shown before you decide."),
        name="delivery",
        is_many=True,
        choices=tuple(Choice(row.id, order_words(row), row.window) for row in rows),
        empty=_("This run carries nothing any more."),
        action=f"/console/runs/{run.id}/split",
        back=f"/console/runs/{run.id}",
    )


@console.post("/runs/<run_id>/split")
@limited("command")
def split_run(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    run, chosen, made = _run(run_id), _chosen(), list[str]()
    failed = submit(
        forms.ReasonForm,
        lambda form, now: made.append(
            shaping.split(run_id, chosen, reason=form.reason, act=as_me(now))
        ),
    )
    if failed is None:
        return redirect(f"/console/runs/{run_id}?done=split&other={made[-1]}", 303)
    if failed.errors.get(""):
        return run_page(run_id, failed), 422
    return split_page(run, chosen, failed), 422


@console.get("/runs/<run_id>/merge")
@limited("page")
def ask_merge(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return merge_page(_run(run_id), request.args.get("other", ""))


def merge_page(run: Run, other_id: str, failed: Failed | None = None) -> str:
    """Ask with which run, or, once it is chosen, whether, with what it costs.

    Raises:
        DomainError: `not_found`, `run_not_on_offer`, `runs_do_not_fit`.
    """
    back = f"/console/runs/{run.id}"
    if not other_id:
        return page("choose_shape", choosing=_others(run))
    change = shaping.merge_change(run.id, other_id, now=clock.now())
    return ask(
        Question(
            title=_("Put the orders of both runs together?"),
            lines=(*change_lines(change, run.currency), *_afterwards()),
            button=_("Merge the runs"),
            action=f"{back}/merge?{urlencode({'other': other_id})}",
            back=back,
            back_words=_("Back to the run"),
            is_final=False,
        ),
        failed,
    )


def _others(run: Run) -> Choosing:
    """Return the other runs on offer at the same place. A fixed number of queries."""
    site = sites.site(run.site_id)
    if site is None:
        raise DomainError("not_found")
    now = clock.now()
    times = times_of(site, now=now)
    offered = runs.offered_runs(site.id, now=now, limit=MERGE_SHOWN + 1)
    others = [each for each in offered if each.id != run.id]
    carried = deliveries.deliveries_of_runs([each.id for each in others])
    words = {row.id: order_words(row) for row in delivery_rows(carried, times, now=now)}
    return Choosing(
        title=_("With which run?"),
        lead=_("Only runs that nobody has claimed. What it costs is shown before you decide."),
        name="other",
        is_many=False,
        choices=tuple(
            Choice(
                each.id,
                "; ".join(words[row.id] for row in carried if row.run_id == each.id),
                times.dated_span(Span(each.window_from, each.window_until)),
            )
            for each in others
        ),
        empty=_("There is no other run on offer here."),
        action=f"/console/runs/{run.id}/merge",
        back=f"/console/runs/{run.id}",
    )


@console.post("/runs/<run_id>/merge")
@limited("command")
def merge_runs(run_id: str) -> ResponseReturnValue:
    require_dispatcher()
    run, other_id, moved = _run(run_id), request.args.get("other", ""), list[str]()
    failed = submit(
        forms.ReasonForm,
        lambda form, now: moved.extend(
            shaping.merge(run_id, other_id, reason=form.reason, act=as_me(now))
        ),
    )
    if failed is None:
        undo = [("done", "merged"), *(("delivery", each) for each in moved)]
        return redirect(f"/console/runs/{run_id}?{urlencode(undo)}", 303)
    if failed.errors.get(""):
        return run_page(run_id, failed), 422
    return merge_page(run, other_id, failed), 422
