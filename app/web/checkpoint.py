"""The newest checkpoint as devices keep it: `Checkpoint` in `frontend/lib/api.ts`."""

from typing import Any

from app.eventlog import tree
from app.web.formats import iso


def newest_checkpoint() -> dict[str, Any] | None:
    """Return anchor, size and time of the newest checkpoint; None before the first. One query."""
    seen = tree.newest_checkpoint()
    return {"anchor": seen.anchor, "size": seen.size, "at": iso(seen.at)} if seen else None
