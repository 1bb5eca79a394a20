"""The begin of the provable window: nobody can have known a checkpoint before it was signed.

Source: handoff protocol MP1, "Server verification and the provable time window".
"""

from datetime import datetime
from typing import Final

from app.domain.errors import DomainError
from app.domain.statement import CODES, Statement
from app.domain.token_layout import Label
from app.domain.tokens import NO_ANCHOR, parse
from app.eventlog.tree import anchored_at

_NONE: Final = NO_ANCHOR.hex()


def not_before(statement: Statement) -> datetime | None:
    """Return when the newest checkpoint was signed that a statement or its codes know.

    None when they know none. At most one query.
    """
    anchors = {statement.anchor} | {
        anchor
        for item in statement.evidence
        if item.kind in CODES and (anchor := _anchor_in(item.text)) is not None
    }
    known = anchored_at(anchors - {_NONE}) if anchors != {_NONE} else {}
    return max(known.values(), default=None)


def _anchor_in(text: str) -> str | None:
    try:
        token = parse(text).token
    except DomainError:
        return None
    return None if isinstance(token, Label) else token.anchor.hex()
