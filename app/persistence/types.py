"""Column types that both engines store alike."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant.

    SQLite keeps no zone: naive values are refused on the way in and marked UTC on the way out.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature.
    ) -> datetime | None:
        """Return what is value.

        Raises:
            ValueError: For a naive value.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            message = "a naive datetime cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature.
    ) -> datetime | None:
        """Return what was stored, aware and in UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            return value.replace(tzinfo=UTC)
        # PostgreSQL answers in the session's zone; the product speaks UTC inside.
        return (
            value.astimezone(UTC)
            if value.utcoffset() != timedelta(0)
            else value.replace(tzinfo=UTC)
        )
