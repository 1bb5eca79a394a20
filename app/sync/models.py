"""Table of commands that took effect."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class CommandRow(Base):
    """A command that was carried out, or refused with an effect.

    It keeps the answer, so that a retry gets the same one.
    """

    __tablename__ = "command"

    principal: Mapped[str] = mapped_column(
        primary_key=True, comment="who sent it: ids of others cannot collide with mine"
    )
    command_id: Mapped[str] = mapped_column(primary_key=True, comment="UUIDv7 made at the origin")
    kind: Mapped[str]
    body_hash: Mapped[str]
    answer: Mapped[str] = mapped_column(comment="JSON: {result} or {code, facts}")
    created_at: Mapped[datetime]
