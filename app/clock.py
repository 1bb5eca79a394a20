"""The one place that reads the time. Edges read it and pass it on; the rules never do."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

_frozen: list[datetime] = []


def now() -> datetime:
    """Return the present instant, aware and in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


@contextmanager
def frozen(instant: datetime) -> Generator[None]:
    """Make `now()` return one instant inside a test. Not for running servers."""
    _frozen.append(instant)
    try:
        yield
    finally:
        _frozen.pop()
