"""Table of thinned positions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class PositionFix(Base):
    """Where a driver on a run was, thinned. Erased after 72 hours."""

    __tablename__ = "position_fix"
    __table_args__ = (Index("ix_position_fix_driver", "driver_id", "fixed_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="CASCADE"))
    run_id: Mapped[str | None]
    lat: Mapped[float]
    lon: Mapped[float]
    accuracy_m: Mapped[float]
    fixed_at: Mapped[datetime] = mapped_column(comment="the phone's clock")
    received_at: Mapped[datetime]
