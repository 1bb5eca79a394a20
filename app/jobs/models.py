"""Table of background jobs."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class Job(Base):
    """Work to do after a commit.

    The row is written in the business transaction: no job without its cause, no cause without its
    job.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_due",
            "run_at",
            sqlite_where=text("done_at is null"),
            postgresql_where=text("done_at is null"),
        ),
        Index(
            "uq_job_open_key",
            "key",
            unique=True,
            sqlite_where=text("done_at is null and leased_until is null"),
            postgresql_where=text("done_at is null and leased_until is null"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    arguments: Mapped[str] = mapped_column(comment="JSON object")
    key: Mapped[str] = mapped_column(comment="jobs waiting under one key are one job")
    run_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
