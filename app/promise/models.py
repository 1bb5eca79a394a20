"""Tables of what a merchant lets shop pages do, and of what its stores have in stock."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class StoreCheckout(Base):
    """A store whose merchant lets customers order deliveries on the hosted page; else no row."""

    __tablename__ = "store_checkout"

    store_id: Mapped[str] = mapped_column(
        ForeignKey("store.id", ondelete="CASCADE"), primary_key=True
    )
    switched_on_at: Mapped[datetime]


class StockItem(Base):
    """How many of a product a store has, as its merchant said last; none has no row."""

    __tablename__ = "stock_item"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    store_id: Mapped[str] = mapped_column(
        ForeignKey("store.id", ondelete="CASCADE"), primary_key=True
    )
    sku: Mapped[str] = mapped_column(primary_key=True, comment="the merchant's own product number")
    quantity: Mapped[int]
    told_at: Mapped[datetime]
