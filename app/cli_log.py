"""Commands about the event log: `flask log …`. They read only, beside a running server too."""

from collections.abc import Callable
from typing import Final, TypeVar

import click
from flask.cli import AppGroup

from app.deliveries import queries as deliveries
from app.eventlog.audit import EventsCursor, Fault, audit_events
from app.eventlog.tree_audit import TreeCursor, audit_tree, unknown_anchors
from app.handoffs.statement_audit import audit_statements
from app.jobs.log import is_signed_by_server, words_of
from app.keys import check_es256

Cursor = TypeVar("Cursor")

#: Hex digits of an anchor, and of a head.
_NOTED_LENGTHS: Final = (16, 64)

log = AppGroup("log", help="Look after the tamper-evident log.")


def _noted(_context: click.Context, _option: click.Parameter, value: tuple[str, ...]) -> list[str]:
    found = [text.strip().lower() for text in value]
    if any(
        len(text) not in _NOTED_LENGTHS or set(text) - set("0123456789abcdef") for text in found
    ):
        raise click.BadParameter("16 hex digits of an anchor, or 64 of a head")
    return found


@log.command("verify")
@click.option(
    "--anchor",
    "noted",
    multiple=True,
    callback=_noted,
    help="What somebody noted outside: an anchor (16 hex digits) or a head (64).",
)
@click.pass_context
def verify_log(context: click.Context, noted: list[str]) -> None:
    """Read the whole log and say whether anything in it was changed; ends with 1 if so."""
    event_count, faults = _all_of(
        EventsCursor(), lambda after: audit_events(after, deliveries.handles_of)
    )
    statement_count, statement_faults = _all_of(
        0, lambda after: audit_statements(after, check_es256)
    )
    leaf_count, tree_faults = _all_of(
        TreeCursor(), lambda after: audit_tree(after, is_signed_by_server)
    )
    faults += statement_faults + tree_faults
    faults += [Fault("", f"{text} is not in this log") for text in unknown_anchors(noted)]
    for fault in faults:
        click.echo(words_of(fault))
    click.echo(
        f"{event_count} events, {leaf_count} of them under the newest checkpoint;"
        f" {statement_count} statements."
    )
    if faults:
        names = sorted({fault.delivery_id for fault in faults} - {""})
        click.echo(f"NOT INTACT. Deliveries: {', '.join(names) or 'none named'}")
        context.exit(1)
    click.echo("The log is intact.")


def _all_of(
    start: Cursor, audit: Callable[[Cursor], tuple[Cursor | None, int, list[Fault]]]
) -> tuple[int, list[Fault]]:
    """Go on from slice to slice; return how much was read and what is wrong."""
    total, faults = 0, list[Fault]()
    cursor: Cursor | None = start
    while cursor is not None:
        cursor, count, more = audit(cursor)
        total, faults = total + count, faults + more
    return total, faults
