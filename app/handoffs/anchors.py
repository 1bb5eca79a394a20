"""The begin of the provable window: nobody can have known a checkpoint before it was signed.

Source: handoff protocol MP1, "Server verification and the provable time window".
"""

from datetime import datetime
from typing import Final, NamedTuple

from app.domain.errors import DomainError
from app.domain.statement import CODES, Statement
from app.domain.token_layout import Label
from app.domain.tokens import NO_ANCHOR, parse
from app.eventlog.tree import anchored_at

_NONE: Final = NO_ANCHOR.hex()


class Anchored(NamedTuple):
    """What the checkpoints that a statement and its codes name say about it.

    Attributes:
        not_before: When the newest of them was signed; None when they name none.
        is_foreign: Whether the log has not signed one of them: the device saw another history.
    """

    not_before: datetime | None
    is_foreign: bool


def anchored(statement: Statement) -> Anchored:
    """Look up the checkpoints that a statement or its codes name. At most one query."""
    anchors = {statement.anchor} | {
        anchor
        for item in statement.evidence
        if item.kind in CODES and (anchor := _anchor_in(item.text)) is not None
    }
    named = anchors - {_NONE}
    known = anchored_at(named) if named else {}
    return Anchored(max(known.values(), default=None), is_foreign=len(known) < len(named))


def _anchor_in(text: str) -> str | None:
    try:
        token = parse(text).token
    except DomainError:
        return None
    return None if isinstance(token, Label) else token.anchor.hex()
