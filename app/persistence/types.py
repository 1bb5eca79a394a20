"""Column types that both engines store alike."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite keeps no zone, so naive values are refused on the way in and marked UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            message = "a naive datetime cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        stored: datetime = value
        if stored.utcoffset() is None:
            return stored.replace(tzinfo=UTC)
        # PostgreSQL answers in the session's zone; the product speaks UTC inside.
        return (
            stored.astimezone(UTC)
            if stored.utcoffset() != timedelta(0)
            else stored.replace(tzinfo=UTC)
        )
