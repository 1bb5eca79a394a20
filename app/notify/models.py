"""The table of phones that are told of runs while they are locked."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class PushSubscription(Base):
    """A browser that takes messages, as long as the sign-in lasts in which it asked for them.

    Deleted when the driver turns it off or its message service knows it no more, and with the
    sign-in.
    """

    __tablename__ = "push_subscription"

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        ForeignKey("login_session.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(
        unique=True, comment="at the browser's message service; whoever has it can use up battery"
    )
    public_key: Mapped[str] = mapped_column(comment="P-256 point, hex; messages are sealed for it")
    auth: Mapped[str] = mapped_column(comment="secret of 16 bytes, hex; goes into the sealing")
    created_at: Mapped[datetime]
