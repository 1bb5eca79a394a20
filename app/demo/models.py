"""Table that marks an installation as a demo."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class DemoMark(Base):
    """One row, written by seeding only: this installation is a demo.

    It shows its logins on the start page and may simulate drivers.
    """

    __tablename__ = "demo_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seeded_at: Mapped[datetime]
